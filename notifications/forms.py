"""The shape of what people send to this app."""

from typing import Any

from django import forms

from accounts.forms import KeyedForm
from accounts.models import Department, User
from accounts.scope import scope_of
from notifications.choices import RobotKind


class RobotForm(KeyedForm):
    """A robot of a unit, or of one person of it."""

    kind = forms.ChoiceField(label="种类", choices=RobotKind.choices)
    department = forms.ModelChoiceField(Department.objects.none(), label="单位")
    user = forms.ModelChoiceField(
        User.objects.none(),
        label="只发给一个人的",
        required=False,
        empty_label="单位的群",
        help_text="机器人建在单位的群里的不用选；只提醒某一位同志的，选这位同志。",
    )
    url = forms.CharField(
        label="地址",
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="在群里添加机器人后得到的网址；登记后不再显示。",
    )
    signing = forms.CharField(
        label="加签密钥",
        max_length=120,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="机器人的安全设置选了“加签”的填写；企业微信没有，不填。",
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        run = scope_of(user).districts
        units, people = self.fields["department"], self.fields["user"]
        assert isinstance(units, forms.ModelChoiceField)
        assert isinstance(people, forms.ModelChoiceField)
        units.queryset = Department.objects.filter(district__in=run).current()
        seats = units.queryset.values("pk")
        mine = User.objects.filter(memberships__department__in=seats, is_active=True)
        people.queryset = mine.distinct().order_by("name", "id")
