"""What the coordinator types before a new text is put in force."""

from collections.abc import Sequence
from typing import Any

from django import forms

from tracking.forms.desk import DayInput
from tracking.selectors.distribution import Choice, Handout


class AdoptForm(forms.Form):
    """启用新文本: number and day of the document, and who reports new measures of several leads."""

    document_number = forms.CharField(
        label="发文字号",
        max_length=60,
        help_text="按印发的文件填写，例如：利政办发〔2016〕88号。",
    )
    issued_on = forms.DateField(label="印发日期", widget=DayInput)
    expected_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, several_leads: Sequence[Handout], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for handout in several_leads:
            leads = [(part.department.pk, part.department.name) for part in handout.leads]
            self.fields[f"reporter_{handout.measure.pk}"] = forms.TypedChoiceField(
                label=f"{handout.measure.reference}的填报单位", choices=leads, coerce=int
            )

    def choices(self) -> dict[int, Choice]:
        """Return who reports, by measure."""
        return {
            int(name.removeprefix("reporter_")): Choice(reporter=department)
            for name, department in self.cleaned_data.items()
            if name.startswith("reporter_")
        }
