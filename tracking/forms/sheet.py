"""The shape of what a unit writes on the rows of its yearly sheet."""

from typing import Any

from django import forms
from django.http import QueryDict

from tracking.choices import WorkStatus
from tracking.completeness import MOST_TIMES
from tracking.fingerprint import ON_A_ROW, fingerprint
from tracking.forms.report import MARKED, DayField, PastedField
from tracking.selectors.sheet import SheetLine
from tracking.usecases import Report
from tracking.usecases.submissions import MARKED_SECRET


class RowForm(forms.Form):
    """One row. ``seen`` marks what stood there when the page was made, so that a row that nobody
    touched is not kept again; ``mine`` is the newer version that may be overwritten."""

    expected_version = forms.IntegerField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=16)
    mine = forms.IntegerField(required=False, widget=forms.HiddenInput)
    work_status = forms.ChoiceField(
        label="办理状态", choices=WorkStatus.choices, required=False, widget=forms.RadioSelect
    )
    completed_on = DayField(label="实际完成日期", required=False)
    times = forms.IntegerField(
        label="本年次数",
        required=False,
        min_value=0,
        max_value=MOST_TIMES,
        error_messages={"invalid": "次数请填数字，没有开展的填0。"},
    )
    narrative = PastedField(
        label="进展情况",
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    is_unchanged = forms.BooleanField(label="无变化", required=False)

    def __init__(self, line: SheetLine, data: QueryDict | dict[str, str] | None = None) -> None:
        self.line = line
        basis = line.basis
        initial: dict[str, Any] = {name: getattr(basis, name) for name in ON_A_ROW} if basis else {}
        super().__init__(data, prefix=prefix_of(line.milestone.pk), initial=initial)
        if not line.milestone.times_asked:
            del self.fields["times"]

    @property
    def version(self) -> int:
        """The version of the draft that stands there now, 0 where there is none."""
        return self.line.draft.version if self.line.draft else 0

    @property
    def mark(self) -> str:
        """The mark of what stands there now."""
        return fingerprint(self.line.basis)

    def clean_narrative(self) -> str:
        """Refuse a text that bears a mark of secrecy."""
        narrative: str = self.cleaned_data["narrative"]
        if MARKED_SECRET.search(narrative):
            raise forms.ValidationError(MARKED)
        return narrative

    def report(self) -> Report:
        """Return what holds of the row; for what does not, what had been kept before."""
        kept = self.line.basis
        given: dict[str, Any] = {}
        for name in ON_A_ROW:
            if name in self.cleaned_data:
                given[name] = self.cleaned_data[name]
            elif kept is not None:
                given[name] = getattr(kept, name)
        return Report(**given)

    @property
    def is_touched(self) -> bool:
        """Whether a person wrote something here that is not kept yet."""
        now = fingerprint(self.report())
        return now not in (self.mark, self.cleaned_data.get("seen", ""))

    @property
    def is_stale(self) -> bool:
        """Whether somebody else kept the row after this page was made."""
        read = self.cleaned_data.get("mine") or self.cleaned_data.get("expected_version", -1)
        return bool(read != self.version)

    @property
    def shown_version(self) -> int:
        """The version that the page goes on with: of an overtaken row, the one it began with."""
        return self.cleaned_data.get("expected_version", -1) if self._is_behind else self.version

    @property
    def shown_mark(self) -> str:
        """The mark that goes with the shown version."""
        return self.cleaned_data.get("seen", "") if self._is_behind else self.mark

    @property
    def names(self) -> str:
        """The names of the row's fields, for a request that sends this row alone."""
        return ",".join([*map(self.add_prefix, self.fields), "reuse"])

    @property
    def _is_behind(self) -> bool:
        return self.is_bound and self.is_touched and self.is_stale


def prefix_of(milestone: int) -> str:
    """Return what the names of a row's fields begin with."""
    return f"row-{milestone}"
