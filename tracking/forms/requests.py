"""The shape of what units ask for, and of the answers."""

from typing import Any

from django import forms

from accounts.models import Department
from plans.choices import ResponsibilityRole
from tracking.forms.report import NO_SECRETS, DayField, PastedField
from tracking.usecases import Consent

CONSENT = ("reason", "approved_by", "approved_on")


class WordsField(PastedField):
    """A few sentences that have to be there."""

    def __init__(self, label: str, *, rows: int = 3, help_text: str = NO_SECRETS) -> None:
        super().__init__(
            label=label,
            max_length=1000,
            widget=forms.Textarea(attrs={"rows": rows}),
            help_text=help_text,
        )


class AskExtensionForm(forms.Form):
    """延期申请 of a unit."""

    new_due_on = DayField(label="申请延至")
    reason = WordsField("延期理由")
    progress = WordsField("目前进展")


class ConsentForm(forms.Form):
    """Who agreed, and when; with the version on the screen."""

    approved_by = PastedField(label="批准领导", max_length=40)
    approved_on = DayField(label="批准日期")
    expected_version = forms.IntegerField(widget=forms.HiddenInput)


class GrantExtensionForm(ConsentForm):
    """同意延期: the leader may have set another day."""

    new_due_on = DayField(label="延至")
    field_order = ("new_due_on", "approved_by", "approved_on")


class RefuseForm(forms.Form):
    """不同意, with the reason that the unit reads."""

    note = WordsField("不同意的理由", help_text="申请单位会原样看到。")
    expected_version = forms.IntegerField(widget=forms.HiddenInput)


class ChangeForm(ConsentForm):
    """A change of an assignment with a leader's consent."""

    reason = WordsField("理由")
    field_order = ("department", "role", "reason", "approved_by", "approved_on")

    def consent(self) -> Consent:
        """Return why, and who agreed."""
        return Consent(*(self.cleaned_data[name] for name in CONSENT))


def unit_field(label: str, **options: Any) -> "forms.ModelChoiceField[Department]":
    """Return a choice of units; the page says which ones."""
    return forms.ModelChoiceField(
        Department.objects.none(), label=label, empty_label="请选择", **options
    )


class AddDepartmentForm(ChangeForm):
    """增加承办单位."""

    department = unit_field("单位")
    role = forms.ChoiceField(label="分工", choices=ResponsibilityRole.choices)


class ChangeLeadForm(ChangeForm):
    """变更牵头单位."""

    department = unit_field("新的牵头单位")
    keeps_part = forms.BooleanField(label="原牵头单位改为配合", required=False)


class HandBackForm(forms.Form):
    """申请退办 of a unit."""

    reason = WordsField("退办理由", help_text=f"说明为什么不属本单位职责。{NO_SECRETS}")


class GrantHandBackForm(ConsentForm):
    """同意退办: who takes the task instead."""

    department = unit_field(
        "改由哪个单位接办", required=False, help_text="不选的，未办结的时间节点取消。"
    )
    field_order = ("department", "approved_by", "approved_on")


class ReopenForm(forms.Form):
    """恢复办理 of what was done or struck off."""

    reason = WordsField("恢复办理的理由")
    expected_version = forms.IntegerField(widget=forms.HiddenInput)


class InstructionForm(forms.Form):
    """登记批示."""

    leader = PastedField(label="批示领导", max_length=40)
    given_on = DayField(label="批示日期")
    words = WordsField("批示内容", help_text=f"照录原文。{NO_SECRETS}")
    addressed_to = unit_field("办理单位")
    answer_by = DayField(label="回复期限", required=False)
    scan = forms.FileField(
        label="批示件扫描（可不传）",
        required=False,
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )


class AnswerForm(forms.Form):
    """What was done on an instruction."""

    answer = WordsField("办理情况")
    expected_version = forms.IntegerField(widget=forms.HiddenInput)
