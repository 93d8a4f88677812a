"""What the coordinator types before work is handed out: the document, and who answers for what."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django import forms

from accounts.models import Department
from plans.choices import ResponsibilityRole
from tracking.choices import ReportMode
from tracking.forms.desk import DayInput
from tracking.forms.past import PastFields, decided_of
from tracking.selectors.distribution import Choice, Question
from tracking.selectors.past import PastDay, PastQuestion


class HandoutForm(forms.Form):
    """交办、启用新文本: number and day of the document, and the answer to each question.

    ``left_out`` are the units that are not ticked at first.
    """

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
        questions: Sequence[Question],
        members: Mapping[int, Sequence[Department]],
        home: Department | None,
        past: Sequence[PastQuestion],
        left_out: Collection[int] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        self.members = members
        self.standing = set(left_out)
        self.offered = {unit.pk: unit.name for group in members.values() for unit in group}
        if questions:
            self.fields["units"] = forms.TypedMultipleChoiceField(
                label="共性任务由下列单位分别反馈",
                choices=list(self.offered.items()),
                coerce=int,
                required=False,
                initial=[key for key in self.offered if key not in self.standing],
                widget=forms.CheckboxSelectMultiple,
            )
        for question in questions:
            self._ask(question, home)
        self.past = [PastFields(question) for question in past]
        for row in self.past:
            self.fields |= row.fields()

    def _ask(self, question: Question, home: Department | None) -> None:
        key, recommended = question.measure.pk, question.recommended
        reference = question.measure.reference
        modes = list(ReportMode.choices)
        named = [(part.department.pk, part.department.name) for part in question.named]
        if not any(part.role == ResponsibilityRole.LEAD for part in question.named):
            modes = [choice for choice in modes if choice[0] != ReportMode.UNIFIED]
            named = [(home.pk, home.name)] if home else []
        self.fields[f"mode_{key}"] = forms.TypedChoiceField(
            label=f"{reference}的反馈方式",
            choices=modes,
            coerce=ReportMode,
            empty_value=None,
            required=False,
            initial=recommended.mode,
        )
        self.fields[f"reporter_{key}"] = forms.TypedChoiceField(
            label=f"{reference}的填报单位",
            choices=named,
            coerce=int,
            empty_value=None,
            required=False,
            initial=recommended.reporter,
        )
        self.fields[f"groups_{key}"] = forms.TypedMultipleChoiceField(
            label=f"{reference}由谁分别反馈",
            choices=[(group.pk, group.name) for group in question.groups],
            coerce=int,
            required=False,
            initial=sorted(recommended.groups or ()),
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields[f"reason_{key}"] = forms.CharField(
            label=f"{reference}不交办的理由",
            required=False,
            max_length=200,
            initial=recommended.reason,
        )

    def ask_for_no_document(self) -> None:
        """Let a preview be asked for before number and day are known."""
        self.fields["document_number"].required = False
        self.fields["issued_on"].required = False

    def clean(self) -> dict[str, Any]:
        """Ask for the units of a common duty and for the reason of what is not handed out."""
        cleaned = super().clean() or {}
        for question in self.questions:
            key = question.measure.pk
            mode = cleaned.get(f"mode_{key}")
            if mode == ReportMode.COMMON and not cleaned.get(f"groups_{key}"):
                self.add_error(f"groups_{key}", "列为共性任务的，请选择由哪些单位分别反馈。")
            if mode == ReportMode.COMMON and not cleaned.get(f"reporter_{key}"):
                self.add_error(f"reporter_{key}", "请选择由哪个单位汇总。")
            if mode == ReportMode.WITHHELD and not cleaned.get(f"reason_{key}", "").strip():
                self.add_error(f"reason_{key}", "不交办的，请写明理由。")
        for row in self.past:
            row.check(self)
        return cleaned

    def choices(self) -> dict[int, Choice]:
        """Return what was decided, by measure."""
        return {
            key: Choice(
                mode=self.cleaned_data[f"mode_{key}"],
                reporter=self.cleaned_data[f"reporter_{key}"],
                groups=frozenset(self.cleaned_data[f"groups_{key}"]),
                reason=self.cleaned_data[f"reason_{key}"].strip(),
            )
            for key in (question.measure.pk for question in self.questions)
        }

    def past_days(self) -> dict[int, PastDay]:
        """Return what was decided about days that have passed, by deadline."""
        return decided_of(self.past, self)

    def left_out(self) -> set[int]:
        """Return the units that owe no common duty."""
        if not self.questions:
            return self.standing
        return set(self.offered) - set(self.cleaned_data["units"])

    def rows(self) -> list[dict[str, Any]]:
        """Return each question with the fields that answer it."""
        return [
            {"question": question}
            | {
                name: self[f"{name}_{question.measure.pk}"]
                for name in ("mode", "reporter", "groups", "reason")
            }
            for question in self.questions
        ]

    def answering(self) -> list[tuple[str, int]]:
        """Return each collective name with how many of its units are ticked."""
        ticked = {int(key) for key in self["units"].value() or () if str(key).isdigit()}
        groups = {group.pk: group.name for row in self.questions for group in row.groups}
        return [
            (name, sum(unit.pk in ticked for unit in self.members[key]))
            for key, name in groups.items()
        ]
