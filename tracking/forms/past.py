"""What is decided about days that had passed before the work is handed out."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from tracking.choices import PastChoice
from tracking.forms.desk import DayInput
from tracking.selectors.past import PastDay, PastQuestion

LATER = ("", "暂不确定，交办后再定")


class PastFields:
    """The fields about one deadline, which stand in a form under names with its key."""

    def __init__(self, question: PastQuestion) -> None:
        self.question = question
        self.key = question.dated.deadline.pk

    def fields(self) -> dict[str, forms.Field]:
        """Return the fields by name, with the recommended answer."""
        place = f"{self.question.reference}{self.question.dated.mark}"
        return {
            f"past_{self.key}": forms.ChoiceField(
                label=f"{place}怎样办理",
                choices=[*PastChoice.choices, LATER],
                required=False,
                initial=self.question.recommended,
            ),
            f"past_day_{self.key}": forms.DateField(
                label=f"{place}改定的时限", required=False, widget=DayInput
            ),
            f"past_by_{self.key}": forms.CharField(
                label=f"{place}由谁确定", required=False, max_length=40
            ),
            f"past_on_{self.key}": forms.DateField(
                label=f"{place}确定日期", required=False, widget=DayInput
            ),
        }

    def check(self, form: forms.Form) -> None:
        """Ask for what the chosen answer needs."""
        data = form.cleaned_data
        for name, sentence in missing(
            data.get(f"past_{self.key}", ""),
            data.get(f"past_day_{self.key}"),
            data.get(f"past_by_{self.key}", ""),
            data.get(f"past_on_{self.key}"),
        ):
            form.add_error(f"past_{name}_{self.key}", sentence)

    def decided(self, form: forms.Form) -> PastDay | None:
        """Return what was decided; None for what is left open."""
        data = form.cleaned_data
        if not data[f"past_{self.key}"]:
            return None
        return past_day(
            data[f"past_{self.key}"],
            data[f"past_day_{self.key}"],
            data[f"past_by_{self.key}"],
            data[f"past_on_{self.key}"],
        )

    def bound(self, form: forms.Form) -> dict[str, Any]:
        """Return the question with its fields, for the page."""
        return {
            "question": self.question,
            "choice": form[f"past_{self.key}"],
            "day": form[f"past_day_{self.key}"],
            "by": form[f"past_by_{self.key}"],
            "on": form[f"past_on_{self.key}"],
        }


def decided_of(rows: Sequence[PastFields], form: forms.Form) -> dict[int, PastDay]:
    """Return what was decided in the form, by deadline; what is left open is not in it."""
    found = {row.key: row.decided(form) for row in rows}
    return {key: past for key, past in found.items() if past is not None}


class PastForm(forms.Form):
    """What is decided after the issue about one day that was left open there."""

    expected_version = forms.IntegerField(widget=forms.HiddenInput)
    choice = forms.ChoiceField(label="怎样办理", choices=PastChoice.choices)
    day = forms.DateField(
        label="改定的时限", required=False, widget=DayInput, help_text="另定时限、属笔误的填写。"
    )
    by = forms.CharField(
        label="由谁确定", required=False, max_length=40, help_text="另定时限的填写。"
    )
    on = forms.DateField(
        label="确定日期", required=False, widget=DayInput, help_text="另定时限的填写。"
    )

    def clean(self) -> dict[str, Any]:
        """Ask for what the chosen answer needs."""
        cleaned = super().clean() or {}
        for name, sentence in missing(
            cleaned.get("choice", ""), cleaned.get("day"), cleaned.get("by", ""), cleaned.get("on")
        ):
            self.add_error(name, sentence)
        return cleaned

    def decided(self) -> PastDay:
        """Return what was decided."""
        data = self.cleaned_data
        return past_day(data["choice"], data["day"], data["by"], data["on"])


def missing(choice: str, day: date | None, by: str, on: date | None) -> Sequence[tuple[str, str]]:
    """Name the fields that the choice needs and that are empty, each with what to do."""
    found = []
    if choice in (PastChoice.NEW_DAY, PastChoice.SLIP) and not day:
        word = "改定的时限" if choice == PastChoice.NEW_DAY else "应为哪一天"
        found.append(("day", f"请填写{word}。"))
    if choice == PastChoice.NEW_DAY and not by.strip():
        found.append(("by", "请填写由谁确定。"))
    if choice == PastChoice.NEW_DAY and not on:
        found.append(("on", "请填写确定日期。"))
    return found


def past_day(choice: str, day: date | None, by: str, on: date | None) -> PastDay:
    """Return the decision without what its choice does not ask for."""
    chosen = PastChoice(choice)
    if chosen == PastChoice.MAKE_UP:
        return PastDay(chosen)
    if chosen == PastChoice.SLIP:
        return PastDay(chosen, day)
    return PastDay(chosen, day, by, on)
