"""The shape of what reviewers decide and of what the coordinator types before an issue."""

from typing import Any

from django import forms

from accounts.models import Department
from plans.choices import ResponsibilityRole
from plans.models import Part
from tracking.choices import Decision

FIRST, REPEATED = "first", "repeated"
MISSING = [
    ("缺文号", "缺文号"),
    ("缺佐证", "缺佐证"),
    ("数据不一致", "数据不一致"),
    ("与任务无关", "与任务无关"),
]


class DayInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class QueueFilter(forms.Form):
    """What narrows the queue: a unit, its role, a part of the plan, the first time or not."""

    department = forms.ModelChoiceField(
        Department.objects.none(), required=False, label="单位", empty_label="全部"
    )
    part = forms.ModelChoiceField(
        Part.objects.none(), required=False, label="部分", empty_label="全部"
    )
    role = forms.ChoiceField(
        label="分工", required=False, choices=[("", "全部"), *ResponsibilityRole.choices]
    )
    turn = forms.ChoiceField(
        label="次数",
        required=False,
        choices=[("", "全部"), (FIRST, "首次反馈"), (REPEATED, "再次反馈")],
    )


class AcceptForm(forms.Form):
    """审核通过: is the work done, or does it go on?"""

    decision = forms.ChoiceField(
        label="结论",
        choices=[(d.value, d.label) for d in (Decision.DONE, Decision.NOTED)],
        widget=forms.RadioSelect,
    )
    stands = forms.BooleanField(label="办结后转为长期坚持，每年在集中填报表中反馈", required=False)
    note = forms.CharField(
        label="审核意见",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="可以不填。",
    )
    keep_phrase = forms.BooleanField(label="把意见存为常用语", required=False)
    expected_version = forms.IntegerField(widget=forms.HiddenInput)

    def words(self) -> str:
        """Return what was typed."""
        return str(self.cleaned_data["note"]).strip()


class ReturnForm(forms.Form):
    """退回补正: what is missing, in ticks and words, and until when."""

    missing = forms.MultipleChoiceField(
        label="缺什么", required=False, choices=MISSING, widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(
        label="说明",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写清要补什么，填报单位会原样看到；上面勾选的自动写在前面。",
    )
    keep_phrase = forms.BooleanField(label="把说明存为常用语", required=False)
    redo_by = forms.DateField(label="补正期限", widget=DayInput)
    expected_version = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Ask for at least a tick or a word."""
        cleaned = super().clean() or {}
        if not cleaned.get("missing") and not cleaned.get("reason", "").strip():
            self.add_error("reason", "请勾选缺什么，或写明理由。")
        return cleaned

    def words(self) -> str:
        """Return what was typed."""
        return str(self.cleaned_data["reason"]).strip()

    def note(self) -> str:
        """Return the ticks and the words as one reason."""
        ticked = "、".join(self.cleaned_data["missing"])
        reason = self.words()
        return "。".join(filter(None, [ticked, reason])) if reason else f"{ticked}。"
