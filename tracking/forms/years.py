"""The shape of the days of a year."""

from typing import Any

from django import forms

from tracking.forms.report import DayField
from tracking.models import ReportingYear


class YearForm(forms.Form):
    """The five days of a year."""

    expected_version = forms.IntegerField(widget=forms.HiddenInput)
    opens_on = DayField(label="集中填报开始")
    closes_on = DayField(label="集中填报截止")
    reports_on = DayField(label="部门年度报告")
    draft_on = DayField(label="年度报告初稿")
    sent_on = DayField(label="报区委、区人大常委会")

    @classmethod
    def of(cls, year: ReportingYear) -> "YearForm":
        """Return the form with the days as they stand."""
        initial: dict[str, Any] = {
            name: getattr(year, name) for name in cls.base_fields if hasattr(year, name)
        }
        return cls(initial=initial | {"expected_version": year.version}, auto_id=f"y{year.pk}_%s")
