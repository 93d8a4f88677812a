"""The doubts of a fresh edition: the parser's, its repairs as notes, and those of the import."""

from plans.choices import DoubtCode, Severity
from plans.models import Doubt, Edition, Measure, Part, Responsibility
from plans.parsing import ParsedName, ParsedPlan, ParsedTask, Span
from plans.register import Register

# Read well, but nothing goes out before a person has said so.
ASKED_FIRST = frozenset({DoubtCode.BEFORE_PLAN, DoubtCode.LEAD_FROM_TEXT})


class DoubtRows:
    """Collects doubts of the parser and of the import; inserted in the order of the text."""

    def __init__(
        self,
        edition: Edition,
        parsed: ParsedPlan,
        parts: dict[int, Part],
        leaves: dict[str, Measure],
    ) -> None:
        self.edition = edition
        self.parsed = parsed
        self.leaves = leaves
        self.rows = [
            Doubt(
                code=doubt.code,
                severity=Severity.ERROR if doubt.code in ASKED_FIRST else doubt.severity,
                message=doubt.message,
                suggestion=doubt.suggestion or "",
                measure=leaves.get(doubt.task or ""),
                part=parts.get(doubt.part_ordinal or 0),
                start=doubt.span.start,
                end=doubt.span.end,
            )
            for doubt in parsed.doubts
            if doubt.severity != "note"
        ]
        self.rows += (
            Doubt(
                code="repair",
                severity=Severity.NOTE,
                message=repair.reason,
                suggestion=repair.after,
                measure=self._measure_at(repair.span),
                start=repair.span.start,
                end=repair.span.end,
            )
            for repair in parsed.repairs
        )

    def named_twice(self, task: ParsedTask, name: ParsedName, first: Responsibility) -> None:
        """Say that a unit stands twice in one measure."""
        assert first.department is not None
        self._add(
            "named_twice",
            Severity.CHECK,
            f"“{name.text}”与前面的“{first.name}”是同一单位（{first.department.name}），"
            f"只按“{first.get_role_display()}”计一次",
            name.span,
            task,
        )

    def unknown_department(
        self, places: list[tuple[ParsedTask, ParsedName]], register: Register
    ) -> None:
        """Say once for all its places that the register has no such unit."""
        task, name = places[0]
        closest = register.closest(name.department, name.text)
        where = f"，共{len(places)}处" if len(places) > 1 else ""
        self._add(
            "unknown_department",
            Severity.ERROR,
            f"单位名录里没有“{name.department}”{where}",
            name.span,
            task,
            suggestion=closest.name if closest else "",
        )

    def uncovered(self, span: Span) -> None:
        """Say that a stretch of text belongs to nothing, unless it is white space."""
        if span.of(self.parsed.text).strip():
            self._add("uncovered", Severity.ERROR, "这一段没有归入任何部分，请核对是否漏读", span)

    def insert(self) -> None:
        """Insert all doubts, numbered as they stand in the text."""
        self.rows.sort(key=lambda row: (row.start, row.end))
        for ordinal, row in enumerate(self.rows, start=1):
            row.edition, row.ordinal = self.edition, ordinal
        Doubt.objects.bulk_create(self.rows)

    def _add(
        self,
        code: str,
        severity: Severity,
        message: str,
        span: Span,
        task: ParsedTask | None = None,
        suggestion: str = "",
    ) -> None:
        self.rows.append(
            Doubt(
                code=code,
                severity=severity,
                message=message,
                suggestion=suggestion,
                measure=self.leaves[task.id] if task else None,
                start=span.start,
                end=span.end,
            )
        )

    def _measure_at(self, span: Span) -> Measure | None:
        inside = (row for row in self.leaves.values() if row.start <= span.start < row.end)
        return next(inside, None)
