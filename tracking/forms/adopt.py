"""What the coordinator types before a new text is put in force."""

from collections.abc import Sequence
from typing import Any

from django import forms

from tracking.forms.desk import DayInput
from tracking.forms.past import PastFields, decided_of
from tracking.selectors.distribution import Choice, Handout
from tracking.selectors.past import PastDay, PastQuestion


class AdoptForm(forms.Form):
    """启用新文本: number and day of the document, and who reports new measures of several leads."""

    document_number = forms.CharField(
        label="发文字号",
        max_length=60,
        help_text="按印发的文件填写，例如：利政办发〔2016〕88号。",
    )
    issued_on = forms.DateField(label="印发日期", widget=DayInput)
    expected_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        several_leads: Sequence[Handout],
        past: Sequence[PastQuestion],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for handout in several_leads:
            leads = [(part.department.pk, part.department.name) for part in handout.leads]
            self.fields[f"reporter_{handout.measure.pk}"] = forms.TypedChoiceField(
                label=f"{handout.measure.reference}的填报单位", choices=leads, coerce=int
            )

        self.past = [PastFields(question) for question in past]
        for row in self.past:
            self.fields |= row.fields()

    def clean(self) -> dict[str, Any]:
        """Ask for what was chosen about days that have passed."""
        cleaned = super().clean() or {}
        for row in self.past:
            row.check(self)
        return cleaned

    def past_days(self) -> dict[int, PastDay]:
        """Return what was decided about days that have passed, by deadline."""
        return decided_of(self.past, self)

    def choices(self) -> dict[int, Choice]:
        """Return who reports, by measure."""
        return {
            int(name.removeprefix("reporter_")): Choice(reporter=department)
            for name, department in self.cleaned_data.items()
            if name.startswith("reporter_")
        }
