"""The shape of what people send to this app."""

from typing import Any

from django import forms

from accounts.choices import DepartmentKind, Role
from accounts.forms import KeyedForm
from accounts.models import Department, District, User
from accounts.scope import scope_of
from plans.models import Plan
from plans.readers import READABLE
from plans.usecases import NewUnit

PASTED = "粘贴的全文.txt"


class ImportForm(KeyedForm):
    """A document as a file or as pasted text, one of the two, for a new plan or for one at hand."""

    file = forms.FileField(
        label="选择文件",
        required=False,
        help_text="可以上传 Word（.docx）、Excel（.xlsx）、带文字的 PDF、网页（.html）和文本"
        "（.txt、.md）；.doc、.wps 请先另存为 .docx。扫描件、设密码和带宏的文件不能读取。",
        allow_empty_file=True,  # the reader says what to do with an empty one
        widget=forms.FileInput(attrs={"accept": ",".join(READABLE)}),
    )
    text = forms.CharField(
        label="或者粘贴全文",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text="从标题到落款整篇粘贴，条款编号（1. （1） 等）一并复制。",
    )
    district = forms.ModelChoiceField(District.objects.none(), label="行政区", empty_label=None)
    plan = forms.ModelChoiceField(
        Plan.objects.none(), required=False, widget=forms.HiddenInput, label="所属方案"
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ids = scope_of(user).districts_as(Role.COORDINATOR)
        field = self.fields["district"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = District.objects.filter(pk__in=ids).order_by("id")
        plans = self.fields["plan"]
        assert isinstance(plans, forms.ModelChoiceField)
        plans.queryset = Plan.objects.filter(district__in=ids)
        if len(ids) == 1:
            field.initial = next(iter(ids))
            field.widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        """Take exactly one of the two."""
        data = super().clean() or self.cleaned_data
        has_text = bool((data.get("text") or "").strip())
        if not data.get("file") and not has_text and "file" not in self.errors:
            raise forms.ValidationError("请选择一个文件，或者粘贴全文。")
        if data.get("file") and has_text:
            raise forms.ValidationError("文件和粘贴的全文只能选一样，请清空其中一样。")
        if data.get("plan"):
            data["district"] = data["plan"].district
        return data


class DoubtForm(KeyedForm):
    """An answer to a doubt; which fields it has follows from what the doubt is about."""

    unit = forms.ModelChoiceField(
        Department.objects.none(), label="即名录里的", required=False, empty_label="请选择单位"
    )
    new_name = forms.CharField(label="或者新增单位", required=False, max_length=60)
    new_full_name = forms.CharField(label="全称（可不填）", required=False, max_length=100)
    new_kind = forms.ChoiceField(
        label="类别",
        required=False,
        choices=DepartmentKind.choices,
        initial=DepartmentKind.GOVERNMENT,
    )
    lead = forms.ModelChoiceField(
        Department.objects.none(), label="牵头单位", required=False, empty_label="请选择单位"
    )
    second = forms.ModelChoiceField(
        Department.objects.none(), label="共同牵头", required=False, empty_label="无"
    )
    common = forms.BooleanField(label="或者作为共性任务", required=False, initial=True)
    answer = forms.CharField(
        label="处理意见",
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"placeholder": "处理意见，可不填"}),
    )

    SHOWN = {
        "unknown_department": ("unit", "new_name", "new_kind", "new_full_name"),
        "no_lead": ("lead", "second", "common", "answer"),
    }

    def __init__(
        self, *args: Any, code: str, units: list[Department], suggested: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.suggested = next((unit for unit in units if unit.name == suggested), None)
        shown = (*self.SHOWN.get(code, ("answer",)), "request_key")
        for name in set(self.fields) - set(shown):
            del self.fields[name]
        for name in {"unit", "lead", "second"} & set(self.fields):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = Department.objects.filter(pk__in=[unit.pk for unit in units])
            field.choices = [("", field.empty_label or ""), *((u.pk, u.name) for u in units)]
        if "unit" in self.fields:
            self.fields["unit"].initial = self.suggested
        if code == "no_lead":
            self.fields["answer"].label = "或者不交办，理由"
            self.fields["answer"].widget.attrs.pop("placeholder")

    def clean(self) -> dict[str, Any]:
        """Let a typed new unit stand for the suggested one; refuse two different answers."""
        data = super().clean() or self.cleaned_data
        if data.get("new_name") and data.get("unit"):
            if data["unit"] != self.suggested:
                raise forms.ValidationError("名录里的单位和新增的单位只能选一样，请清空其中一样。")
            data["unit"] = None
        return data

    def arguments(self) -> dict[str, Any]:
        """Return what settle_doubt takes."""
        data = self.cleaned_data
        unit = data.get("unit")
        name = data.get("new_name", "")
        leads = [data[key].pk for key in ("lead", "second") if data.get(key)]
        return {
            "answer": data.get("answer", ""),
            "unit": unit.pk if unit else None,
            "new_unit": NewUnit(name, data["new_kind"], data["new_full_name"]) if name else None,
            "leads": leads,
            "as_common": data.get("common", False),
        }
