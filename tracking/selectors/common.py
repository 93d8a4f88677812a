"""Common duties: which clauses of a measure each unit owes, and how far the units are."""

import re
from collections.abc import Iterable

from plans.models import Deadline, Recurrence

ADDRESSED = re.compile(
    r"行政(?:执法)?机关|制定机关|政府部门|各(?:乡镇|镇|街道|部门|单位)|本(?:乡镇|部门|单位|地区)"
)


def is_owed_by_each(row: Deadline | Recurrence, all_rows: Iterable[Deadline | Recurrence]) -> bool:
    """Say whether each unit owes a date or a recurrence of a common duty.

    It does where its own clause addresses the units; where no clause of the measure does, each
    owes all of them.
    """
    return bool(ADDRESSED.search(row.what)) or not any(
        ADDRESSED.search(other.what) for other in all_rows
    )
