"""The shape of what people send about tokens and the accounts of programs."""

from datetime import timedelta
from typing import Any

from django import forms

from accounts.choices import Role, TokenScope
from accounts.forms import KeyedForm
from accounts.models import Department, User
from accounts.scope import scope_of
from accounts.usecases import ROLES_OF_SERVICES

LIVES = [(30, "30天"), (90, "90天"), (180, "180天"), (365, "一年")]
MAY = {
    TokenScope.READ: "查询：看这个账号看得到的任务、进展和方案",
    TokenScope.REPORT: "填报：签收、填写、报送、申请延期",
    TokenScope.REVIEW: "审核：审核通过、退回、催办",
    TokenScope.MANAGE: "管理：导入、交办、调整、销号、名录、令牌",
    TokenScope.FEED: "变更订阅：读取变更记录",
}


class TokenForm(KeyedForm):
    """A token: what for, what it may do, how long."""

    name = forms.CharField(
        label="用途", max_length=60, help_text="写明给哪个系统、哪个脚本用，如“区政府OA每日取数”。"
    )
    scopes = forms.MultipleChoiceField(
        label="权限",
        choices=[(scope.value, MAY[scope]) for scope in TokenScope],
        initial=[TokenScope.READ.value],
        widget=forms.CheckboxSelectMultiple,
        help_text="只选用得着的。令牌能做的事不会超过账号本身。",
    )
    days = forms.TypedChoiceField(label="有效期", choices=LIVES, coerce=int, initial=90)

    @property
    def life(self) -> timedelta:
        """How long the token lives."""
        return timedelta(days=self.cleaned_data["days"])

    @property
    def chosen(self) -> list[TokenScope]:
        """What the token may do."""
        return [TokenScope(scope) for scope in self.cleaned_data["scopes"]]


class ServiceForm(KeyedForm):
    """An account for a program."""

    name = forms.CharField(label="名称", max_length=40, help_text="对方系统的名称，如“区政府OA”。")
    department = forms.ModelChoiceField(Department.objects.none(), label="单位")
    role = forms.ChoiceField(
        label="角色", choices=[(role.value, role.label) for role in ROLES_OF_SERVICES]
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        run = scope_of(user).districts_as(Role.SYSTEM_ADMIN)
        units = self.fields["department"]
        assert isinstance(units, forms.ModelChoiceField)
        units.queryset = Department.objects.filter(district__in=run).current()
