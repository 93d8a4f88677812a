"""The shape of what people type about metrics."""

from collections.abc import Mapping
from typing import Any

from django import forms

from tracking.models import Reading, TrackedMetric
from tracking.selectors.metrics import plain
from tracking.usecases import NewReading

FIGURE: dict[str, Any] = {
    "required": False,
    "max_digits": 16,
    "decimal_places": 4,
    "widget": forms.TextInput(attrs={"inputmode": "decimal", "size": 10}),
    "error_messages": {"invalid": "请填写数字，不带单位。"},
}


class ReadingForm(forms.Form):
    """The figure of one metric in a report; all empty says nothing, which is not zero."""

    year = forms.IntegerField(
        label="年度",
        min_value=2000,
        max_value=2100,
        error_messages={"invalid": "请填写年度，如 2017。"},
    )
    numerator = forms.DecimalField(label="分子（已完成数）", min_value=0, **FIGURE)
    denominator = forms.DecimalField(label="分母（应完成数）", min_value=0, **FIGURE)
    value = forms.DecimalField(label="完成值（不分子母的）", **FIGURE)
    none_occurred = forms.BooleanField(label="没有发生", required=False)

    def __init__(self, data: Any = None, *, metric: TrackedMetric, name: str, year: int) -> None:
        self.metric, self.name = metric, name
        super().__init__(data, prefix=f"reading-{metric.pk}", initial={"year": year})

    def fill(self, row: Reading) -> None:
        """Show what is stored."""
        stored = {
            "year": row.year,
            "numerator": plain(row.numerator),
            "denominator": plain(row.denominator),
            "value": plain(row.value) if row.numerator is None else "",
            "none_occurred": row.none_occurred,
        }
        self.initial.update(stored)

    def clean(self) -> dict[str, Any]:
        """Ask for both halves of a rate, and for one thing only."""
        given = self.cleaned_data
        numerator, denominator = given.get("numerator"), given.get("denominator")
        if self.errors:
            return given
        if (numerator is None) != (denominator is None):
            self.add_error("denominator", "分子、分母要一起填写。")
        elif denominator is not None and denominator <= 0:
            self.add_error("denominator", "分母要大于0。")
        ways = (numerator is not None, given.get("value") is not None, given["none_occurred"])
        if sum(ways) > 1:
            self.add_error("none_occurred", "分子分母、完成值、没有发生，三者只填一种。")
        return given

    def reading(self) -> NewReading | None:
        """Return the figure; None where nothing was said or something has to be mended."""
        if not self.is_valid():
            return None
        given: Mapping[str, Any] = self.cleaned_data
        if given["numerator"] is None and given["value"] is None and not given["none_occurred"]:
            return None
        return NewReading(metric=self.metric.pk, **given)
