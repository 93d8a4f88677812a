"""Milestones in a list: what MilestoneSerializer shows of one, read of columns for a whole page."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from rest_framework.serializers import DateTimeField

from accounts.links import absolute
from plans.models.measures import reference_of
from tracking.choices import OVERDUE_STATES
from tracking.models import Assignment
from tracking.models.work import last_day_of
from tracking.periods import which_of
from tracking.querysets import MilestoneQuerySet

OWN = (
    *("id", "plan", "assignment", "kind", "period", "gathered_by", "sheet", "what", "due_on"),
    *("original_due_on", "report_by", "status", "state", "completed_on", "last_sent_on"),
    *("last_work_status", "redo_by", "version"),
)
MEASURE = ("id", "lineage", "code", "title", "start", "end")
PART = ("id", "ordinal", "number", "title")
TO_MEASURE, TO_PART = "assignment__measure__", "assignment__measure__part__"
COLUMNS = (
    *OWN,
    *("mark", "past_choice", "done_at", "department_id", "department__name"),
    *("deadline__text", "deadline__start", "deadline__end", "recurrence__start"),
    *(f"{TO_MEASURE}{name}" for name in (*MEASURE, "number", "sub_number", "edition_id")),
    *(f"{TO_PART}{name}" for name in PART),
)


def columns_of(rows: MilestoneQuerySet) -> Any:
    """Ask for the columns that are shown instead of whole rows."""
    then = ("due_then",) if "due_then" in rows.query.annotations else ()
    return rows.prefetch_related(None).values(*COLUMNS, *then)


def show_rows(rows: Sequence[dict[str, Any]], *, on: date) -> list[dict[str, Any]]:
    """Return the rows of a page as the API shows them on a day: one query."""
    through: dict[int, list[str]] = defaultdict(list)
    reporters = Assignment.objects.live().filter(
        reports_through__in={row["assignment"] for row in rows}
    )
    named = reporters.order_by("id").values_list("reports_through", "department__name")
    for assignment, name in named:
        through[assignment].append(name)  # type: ignore[index]
    texts: dict[int, str] = {}
    moment = DateTimeField()
    return [_shown(row, on, through, texts, moment) for row in rows]


def _shown(
    row: dict[str, Any],
    on: date,
    through: dict[int, list[str]],
    texts: dict[int, str],
    moment: DateTimeField,
) -> dict[str, Any]:
    edition = row[f"{TO_MEASURE}edition_id"]
    if edition not in texts:
        texts[edition] = absolute("plans:text", edition)
    measure = {name: row[TO_MEASURE + name] for name in MEASURE}
    reference = reference_of(row[f"{TO_MEASURE}number"], row[f"{TO_MEASURE}sub_number"])
    start, has_deadline = measure["start"], row["deadline__start"] is not None
    if has_deadline:
        start = row["deadline__start"]
    elif row["recurrence__start"] is not None:
        start = row["recurrence__start"]
    shown = {name: row[name] for name in OWN}
    due_on = shown["due_on"] = row.get("due_then", row["due_on"])
    late = on - last_day_of(due_on, row["report_by"], row["past_choice"])
    has_part = row[f"{TO_PART}id"] is not None
    return shown | {
        "reference": f"{reference}{which_of(row['period'], row['mark'])}",
        "measure": measure
        | {
            "lineage": str(measure["lineage"]),
            "reference": reference,
            "part": {name: row[TO_PART + name] for name in PART} if has_part else None,
            "source_url": f"{texts[edition]}#c{measure['start']}",
        },
        "department": {"id": row["department_id"], "name": row["department__name"]},
        "co_departments": through[row["assignment"]],
        "deadline": {name: row[f"deadline__{name}"] for name in ("text", "start", "end")}
        if has_deadline
        else None,
        "source_url": f"{texts[edition]}#c{start}",
        "days_overdue": max(late.days, 0) if row["state"] in OVERDUE_STATES else 0,
        "done_at": row["done_at"] and moment.to_representation(row["done_at"]),
    }
