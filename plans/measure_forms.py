"""What a person fills in to correct one measure: its own fields and a row for each thing read."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms

from accounts.forms import KeyedForm
from accounts.models import Department, Group
from plans.choices import DeadlineKind, Frequency, MetricOperator, ResponsibilityRole
from plans.models import Deadline, Measure, Metric, Part, Recurrence, Responsibility
from plans.usecases import Again, Changes, Dated, Named, Targeted

Choices = list[Any]


def unit_choices(units: Sequence[Department], groups: Sequence[Group]) -> Choices:
    """Return the units and groups of the register as the choices of one field."""
    return [
        ("", "未入名录"),
        ("单位", [(f"u{unit.pk}", unit.name) for unit in units]),
        ("统称", [(f"g{group.pk}", group.name) for group in groups]),
    ]


class OwnForm(KeyedForm):
    """Title and part."""

    title = forms.CharField(
        label="标题",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "请填写标题。"},
    )
    part = forms.TypedChoiceField(label="所属部分", coerce=int, empty_value=None, required=False)
    expected_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, parts: Sequence[Part], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["part"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(part.ordinal, f"{part.number} {part.title}") for part in parts]
        self.fields["title"].widget.attrs["data-keys"] = "e"
        if not parts:
            del self.fields["part"]


class NameForm(forms.Form):
    """A body and its role."""

    unit = forms.ChoiceField(label="单位或统称", required=False)
    role = forms.ChoiceField(
        label="分工", choices=ResponsibilityRole.choices, initial=ResponsibilityRole.SUPPORT
    )
    text = forms.CharField(label="原文写法（可不填）", required=False, max_length=100)

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["unit"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices if self.initial else [("", "请选择"), *choices[1:]]

    def change(self, row: int | None) -> Named:
        """Return the row as the use case takes it."""
        data = self.cleaned_data
        sort, key = data["unit"][:1], data["unit"][1:]
        return Named(
            row,
            data["role"],
            unit=int(key) if sort == "u" else None,
            group=int(key) if sort == "g" else None,
            text=data.get("text", ""),
        )


class DeadlineForm(forms.Form):
    """A last day and its clause."""

    kind = forms.ChoiceField(label="类别", choices=DeadlineKind.choices, initial=DeadlineKind.DATE)
    due_on = forms.DateField(
        label="日期",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    what = forms.CharField(label="所约束的内容", required=False)
    text = forms.CharField(label="原文写法（可不填）", required=False, max_length=100)

    def change(self, row: int | None) -> Dated:
        """Return the row as the use case takes it."""
        data = self.cleaned_data
        return Dated(row, data["kind"], data["due_on"], data["what"], data.get("text", ""))


class RecurrenceForm(forms.Form):
    """A duty that comes again."""

    frequency = forms.ChoiceField(label="周期", choices=Frequency.choices, initial=Frequency.YEARLY)
    times = forms.IntegerField(label="次数", required=False, min_value=1)
    what = forms.CharField(label="要做的事", required=False)
    text = forms.CharField(label="原文写法（可不填）", required=False, max_length=100)

    def change(self, row: int | None) -> Again:
        """Return the row as the use case takes it."""
        data = self.cleaned_data
        return Again(row, data["frequency"], data["times"], data["what"], data.get("text", ""))


class MetricForm(forms.Form):
    """A target."""

    name = forms.CharField(label="名称", required=False)
    operator = forms.ChoiceField(
        label="关系", choices=MetricOperator.choices, initial=MetricOperator.AT_LEAST
    )
    value = forms.DecimalField(label="目标值", required=False, decimal_places=4)
    high = forms.DecimalField(label="上限", required=False, decimal_places=4)
    unit = forms.CharField(label="单位", required=False, max_length=20)
    text = forms.CharField(label="原文写法（可不填）", required=False, max_length=100)

    def change(self, row: int | None) -> Targeted:
        """Return the row as the use case takes it."""
        data = self.cleaned_data
        figures = (data["operator"], data["value"], data["high"], data["unit"])
        return Targeted(row, *figures, data["name"], data.get("text", ""))


class RemovableRows(forms.BaseFormSet):  # type: ignore[type-arg]
    """Rows of which each that was read can be taken away."""

    deletion_widget = forms.CheckboxInput

    def add_fields(self, form: Any, index: int | None) -> None:
        """Call the tick 去掉; a row that is added needs none."""
        super().add_fields(form, index)
        if index is not None and index < self.initial_form_count():
            form.fields["DELETE"].label = "去掉"
            form.fields.pop("text", None)
        else:
            form.fields.pop("DELETE", None)

    def kept(self) -> list[tuple[int | None, Any]]:
        """Return the rows to be kept with their place among what was read, None for added ones."""
        kept: list[tuple[int | None, Any]] = [
            (place, form)
            for place, form in enumerate(self.initial_forms, start=1)
            if not form.cleaned_data.get("DELETE")
        ]
        return kept + [(None, form) for form in self.extra_forms if form.has_changed()]


NameRows = forms.formset_factory(NameForm, RemovableRows, extra=1, can_delete=True)
DeadlineRows = forms.formset_factory(DeadlineForm, RemovableRows, extra=1, can_delete=True)
RecurrenceRows = forms.formset_factory(RecurrenceForm, RemovableRows, extra=1, can_delete=True)
MetricRows = forms.formset_factory(MetricForm, RemovableRows, extra=1, can_delete=True)


@dataclass(frozen=True, slots=True)
class Block:
    """The rows of one kind as the page shows them: filled forms with what was read, and new ones.

    ``key`` leads to them from the keyboard.
    """

    legend: str
    add: str
    key: str
    rows: Any
    read: Sequence[Responsibility | Deadline | Recurrence | Metric]

    def pairs(self) -> list[tuple[Any, Any]]:
        """Return the filled forms, each with the row that was read."""
        return list(zip(self.rows.initial_forms, self.read, strict=False))


@dataclass(frozen=True, slots=True)
class MeasureForms:
    """All that is filled in on the page of a measure."""

    own: OwnForm
    names: Any
    deadlines: Any
    recurrences: Any
    metrics: Any
    blocks: list[Block]

    def is_valid(self) -> bool:
        """Return whether every row holds."""
        asked = (self.own, self.names, self.deadlines, self.recurrences, self.metrics)
        return not [form for form in asked if not form.is_valid()]

    def changes(self) -> Changes:
        """Return the measure as it should read."""
        return Changes(
            title=self.own.cleaned_data["title"],
            part=self.own.cleaned_data.get("part"),
            responsibilities=[form.change(place) for place, form in self.names.kept()],
            deadlines=[form.change(place) for place, form in self.deadlines.kept()],
            recurrences=[form.change(place) for place, form in self.recurrences.kept()],
            metrics=[form.change(place) for place, form in self.metrics.kept()],
        )


def forms_for(
    measure: Measure, *, parts: Sequence[Part], choices: Choices, data: Any = None
) -> MeasureForms:
    """Return the forms of a measure, filled with what was read or with what was sent."""
    names = list(measure.responsibilities.order_by("ordinal"))
    deadlines = list(measure.deadlines.order_by("ordinal"))
    recurrences = list(measure.recurrences.order_by("ordinal"))
    metrics = list(measure.metrics.order_by("ordinal"))
    own = OwnForm(
        data,
        parts=parts,
        initial={
            "title": measure.title,
            "part": measure.part.ordinal if measure.part else None,
            "expected_version": measure.edition.version,
        },
    )
    name_rows = NameRows(
        data,
        prefix="names",
        form_kwargs={"choices": choices},
        initial=[{"unit": _body(row), "role": row.role} for row in names],
    )
    deadline_rows = DeadlineRows(
        data,
        prefix="deadlines",
        initial=[{"kind": row.kind, "due_on": row.due_on, "what": row.what} for row in deadlines],
    )
    recurrence_rows = RecurrenceRows(
        data,
        prefix="recurrences",
        initial=[
            {"frequency": row.frequency, "times": row.times, "what": row.what}
            for row in recurrences
        ],
    )
    metric_rows = MetricRows(
        data,
        prefix="metrics",
        initial=[
            {
                "name": row.name,
                "operator": row.operator,
                "value": _short(row.value),
                "high": _short(row.high),
                "unit": row.unit,
            }
            for row in metrics
        ],
    )
    return MeasureForms(
        own,
        name_rows,
        deadline_rows,
        recurrence_rows,
        metric_rows,
        [
            Block("责任单位", "增加一家", "p", name_rows, names),
            Block("完成时限", "增加一个时限", "t", deadline_rows, deadlines),
            Block("周期要求", "增加一条周期要求", "r", recurrence_rows, recurrences),
            Block("目标值", "增加一个目标值", "g", metric_rows, metrics),
        ],
    )


def _body(row: Responsibility) -> str:
    if row.department_id:
        return f"u{row.department_id}"
    return f"g{row.group_id}" if row.group_id else ""


def _short(value: Decimal | None) -> Decimal | None:
    """Return the figure without the zeros its column adds."""
    if value is None:
        return None
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()
