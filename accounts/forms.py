"""The shape of what people send to this app."""

import uuid
from dataclasses import asdict
from typing import Any

from django import forms
from django.contrib.auth.password_validation import (
    password_validators_help_text_html,
    validate_password,
)

from accounts.choices import DepartmentKind, Role
from accounts.models import Department, Group, Membership, User
from accounts.usecases import NewPerson, UnitEntry, entry_of


class KeyedForm(forms.Form):
    """A form that carries the key under which its request is carried out once."""

    request_key = forms.CharField(widget=forms.HiddenInput, required=False, initial=uuid.uuid4)


class ContactForm(KeyedForm):
    """How a person is reached."""

    phone = forms.CharField(label="电话", max_length=40, required=False)
    email = forms.EmailField(label="电子邮箱", required=False)


class SeatField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A membership, shown by the name of its person."""

    def label_from_instance(self, obj: Any) -> str:
        """Return the name."""
        return str(obj.user.name)


class LiaisonForm(KeyedForm):
    """Who follows whom as liaison of a unit: a person of the unit, or a new one."""

    replaced = SeatField(
        Membership.objects.none(),
        label="原联络员",
        required=False,
        empty_label="不更换，增加一名联络员",
        help_text="选中的同志今天起不再担任联络员；未办结的任务、草稿和提醒随单位走，马上由新联络员接手。",
    )
    person = forms.ModelChoiceField(
        User.objects.none(),
        label="新联络员",
        required=False,
        empty_label="登记一位新的同志（填下面几项）",
    )
    name = forms.CharField(label="姓名", max_length=40, required=False)
    phone = forms.CharField(label="电话", max_length=40, required=False)
    email = forms.EmailField(
        label="电子邮箱", required=False, help_text="移交清单和提醒发到这里；没有的可以不填。"
    )
    username = forms.CharField(
        label="用户名", max_length=60, required=False, help_text="登录时用；不填就用电话号码。"
    )

    def __init__(self, *args: Any, department: Department, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seats = Membership.objects.active().filter(department=department)
        replaced, person = self.fields["replaced"], self.fields["person"]
        assert isinstance(replaced, SeatField)
        assert isinstance(person, forms.ModelChoiceField)
        replaced.queryset = seats.of_role(Role.LIAISON).select_related("user").order_by("id")
        replaced.initial = replaced.queryset.first()
        person.queryset = (
            User.objects.filter(memberships__in=seats)
            .exclude(memberships__in=seats.of_role(Role.LIAISON))
            .distinct()
            .order_by("name", "id")
        )

    def clean(self) -> dict[str, Any]:
        """Take a person of the unit or a new one, not both and not neither."""
        data = super().clean() or self.cleaned_data
        is_new = any(data.get(name) for name in ("name", "phone", "username"))
        if data.get("person") and is_new:
            raise forms.ValidationError("已选本单位的同志，就不用再填姓名、电话；请清空其中一样。")
        if not data.get("person") and not data.get("name") and "person" not in self.errors:
            raise forms.ValidationError("请选择本单位的同志，或者填写新同志的姓名。")
        return data

    @property
    def newcomer(self) -> int | NewPerson:
        """The person who begins."""
        data = self.cleaned_data
        if data["person"]:
            return int(data["person"].pk)
        return NewPerson(data["name"], data["phone"], data["email"], data["username"])


class SignOffForm(KeyedForm):
    """How a unit signs what it sends, and who signs for its head."""

    PAPER, ONLINE = "paper", "online"
    way = forms.ChoiceField(
        label="审签方式",
        choices=[
            (PAPER, "纸质：打印审签单签字盖章，由联络员录入审签人和日期"),
            (ONLINE, "在线：由审签领导或受委托签发人登录审签、报送"),
        ],
        widget=forms.RadioSelect,
    )
    person = forms.ModelChoiceField(
        User.objects.none(),
        label="受委托签发人（副职）",
        required=False,
        empty_label="不委托，或者登记一位新的同志（填下面几项）",
        help_text="主要负责人外出时代为审签；换人的，原来的委托今天止。",
    )
    name = forms.CharField(label="姓名", max_length=40, required=False)
    phone = forms.CharField(label="电话", max_length=40, required=False)
    username = forms.CharField(
        label="用户名", max_length=60, required=False, help_text="登录时用；不填就用电话号码。"
    )
    expected_version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, department: Department, **kwargs: Any) -> None:
        seats = Membership.objects.active().filter(department=department)
        deputy = seats.of_role(Role.DEPUTY).first()
        kwargs["initial"] = {
            "way": self.ONLINE if department.signs_online else self.PAPER,
            "person": deputy.user_id if deputy else None,
            "expected_version": department.version,
        }
        super().__init__(*args, **kwargs)
        person = self.fields["person"]
        assert isinstance(person, forms.ModelChoiceField)
        person.queryset = (
            User.objects.filter(memberships__in=seats)
            .exclude(memberships__in=seats.of_role(Role.HEAD, Role.LIAISON))
            .distinct()
            .order_by("name", "id")
        )

    def clean(self) -> dict[str, Any]:
        """Take a person of the unit or a new one, not both."""
        data = super().clean() or self.cleaned_data
        if data.get("person") and any(data.get(key) for key in ("name", "phone", "username")):
            raise forms.ValidationError("已选本单位的同志，就不用再填姓名、电话；请清空其中一样。")
        return data

    @property
    def deputy(self) -> int | NewPerson | None:
        """The person who signs for the head."""
        data = self.cleaned_data
        if data["person"]:
            return int(data["person"].pk)
        if not data["name"]:
            return None
        return NewPerson(data["name"], data["phone"], "", data["username"])


class ChargesForm(KeyedForm):
    """The units that a leader is in charge of."""

    charges = forms.ModelMultipleChoiceField(
        Department.objects.none(),
        label="分管单位",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="只看选中单位的任务和进展；一个都不选的，看全区。",
    )

    def __init__(self, *args: Any, seat: Membership, **kwargs: Any) -> None:
        kwargs["initial"] = {"charges": list(seat.charges.values_list("pk", flat=True))}
        super().__init__(*args, **kwargs)
        charges = self.fields["charges"]
        assert isinstance(charges, forms.ModelMultipleChoiceField)
        units = Department.objects.filter(district=seat.department.district_id).current()
        charges.queryset = units.order_by("ordinal", "id")


class NamesField(forms.CharField):
    """Names, one a line."""

    widget = forms.Textarea(attrs={"rows": 3})

    def to_python(self, value: Any) -> Any:
        """Return the names that are not empty."""
        lines = (line.strip() for line in (super().to_python(value) or "").splitlines())
        return tuple(line[:100] for line in lines if line)

    def prepare_value(self, value: Any) -> Any:
        """Return the lines."""
        return "\n".join(value) if isinstance(value, tuple) else value


class UnitForm(KeyedForm):
    """What the register says of a unit."""

    name = forms.CharField(label="简称", max_length=60)
    full_name = forms.CharField(
        label="全称", max_length=100, required=False, help_text="用在公文的抬头和落款，与印章一致。"
    )
    kind = forms.ChoiceField(label="类别", choices=DepartmentKind)
    host = forms.ModelChoiceField(
        Department.objects.none(), label="挂靠", required=False, empty_label="不挂靠"
    )
    credit_code = forms.CharField(
        label="统一社会信用代码",
        max_length=40,
        required=False,
        help_text="与上级平台对接时用。",
    )
    aliases = NamesField(
        label="其他简称", required=False, help_text="一行一个；文件里出现这些叫法时认作本单位。"
    )
    former = NamesField(label="曾用名", required=False, help_text="一行一个。")
    is_confirmed = forms.BooleanField(label="名称、类别已核对无误", required=False)
    expected_version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, unit: Department, **kwargs: Any) -> None:
        entry = entry_of(unit) if unit.pk else UnitEntry(name="")
        kwargs["initial"] = asdict(entry) | {
            "host": entry.host_id,
            "expected_version": unit.version,
        }
        super().__init__(*args, **kwargs)
        host = self.fields["host"]
        assert isinstance(host, forms.ModelChoiceField)
        host.queryset = (
            Department.objects.filter(district=unit.district_id).current().exclude(pk=unit.pk)
        )

    @property
    def entry(self) -> UnitEntry:
        """What was typed."""
        data = self.cleaned_data
        return UnitEntry(
            name=data["name"],
            full_name=data["full_name"],
            kind=data["kind"],
            host_id=data["host"].pk if data["host"] else None,
            credit_code=data["credit_code"],
            aliases=data["aliases"],
            former=data["former"],
            is_confirmed=data["is_confirmed"],
        )


class GroupForm(KeyedForm):
    """Whom a collective name means."""

    is_open_ended = forms.BooleanField(label="成员不定，由牵头单位提出", required=False)
    kinds = forms.MultipleChoiceField(
        label="成员类别",
        choices=DepartmentKind,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="选中类别的单位都是成员，新增的单位自动算在内。",
    )
    members = forms.ModelMultipleChoiceField(
        Department.objects.none(),
        label="另列成员",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="类别之外再点名的单位。",
    )
    expected_version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, group: Group, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "is_open_ended": group.is_open_ended,
            "kinds": group.kinds,
            "members": list(group.members.values_list("pk", flat=True)),
            "expected_version": group.version,
        }
        super().__init__(*args, **kwargs)
        members = self.fields["members"]
        assert isinstance(members, forms.ModelMultipleChoiceField)
        members.queryset = Department.objects.filter(district=group.district_id).current()


class CodeForm(forms.Form):
    """A printed code and the password that it sets."""

    username = forms.CharField(
        label="用户名", max_length=60, widget=forms.TextInput(attrs={"autocomplete": "username"})
    )
    code = forms.CharField(
        label="开通码",
        max_length=40,
        help_text="纸条上的12位，不分大小写，短横可以不输。",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    password = forms.CharField(
        label="新密码",
        max_length=200,
        strip=False,
        help_text=password_validators_help_text_html,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="再输一遍",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_password(self) -> str:
        """Refuse a weak password before the code is looked at."""
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password

    def clean(self) -> dict[str, Any]:
        """Want the same password twice."""
        data = super().clean() or self.cleaned_data
        if "password" in data and data.get("again") != data["password"]:
            self.add_error("again", "两次输入的密码不一样。")
        return data


class CalendarDayForm(KeyedForm):
    """One day of the working calendar."""

    day = forms.DateField(
        label="日期", widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    kind = forms.ChoiceField(
        label="改为",
        choices=[("off", "休息"), ("work", "上班"), ("plain", "按星期计算")],
        initial="off",
        widget=forms.RadioSelect,
    )
    name = forms.CharField(
        label="说明", max_length=60, required=False, help_text="如“自治区成立纪念日”，可以不填。"
    )


class NoticeForm(KeyedForm):
    """A pasted notice about the holidays of a year."""

    text = forms.CharField(
        label="通知全文",
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="从《国务院办公厅关于××年部分节假日安排的通知》复制，先识别、核对，再录入。",
    )
