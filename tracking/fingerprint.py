"""What a row of a sheet says, and a short mark of it."""

import hashlib
from typing import Any

ON_A_ROW = ["work_status", "completed_on", "is_unchanged", "narrative", "times"]


def fingerprint(report: Any) -> str:
    """Return a short mark of what a row says, the same for page, workbook and draft."""
    values = [getattr(report, name) for name in ON_A_ROW] if report else []
    said = ["" if value is None or value is False else str(value) for value in values]
    if not any(said):
        return ""
    return hashlib.sha256("\x1f".join(said).encode()).hexdigest()[:16]
