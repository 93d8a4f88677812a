"""What was read from a measure, field by field, as JSON: a correction keeps it before and after."""

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from plans.models import Deadline, Measure, Metric, Recurrence, Responsibility

LABELS = {
    "title": "标题",
    "part": "所属部分",
    "responsibilities": "责任单位",
    "deadlines": "完成时限",
    "recurrences": "周期要求",
    "metrics": "目标值",
    "set_aside": "不是任务",
    "lineage": "与前一文本的对应",
}
CUT, CUT_LABEL = "cut", "条文调整"
Rows = list[dict[str, Any]]
MODELS: dict[str, type[Responsibility | Deadline | Recurrence | Metric]] = {
    "responsibilities": Responsibility,
    "deadlines": Deadline,
    "recurrences": Recurrence,
    "metrics": Metric,
}
KEPT = {
    "responsibilities": (
        "name",
        "canonical",
        "role",
        "sort",
        "department_id",
        "group_id",
        "is_inherited",
    ),
    "deadlines": ("text", "kind", "due_on", "precision", "what"),
    "recurrences": ("text", "frequency", "times", "due_in_period", "what"),
    "metrics": ("lineage", "name", "operator", "value", "high", "unit", "baseline", "change"),
}


def read(measure: Measure, field: str) -> Any:
    """Return the field as JSON; spans are counted from the start of the measure."""
    if field == "part":
        return measure.part.ordinal if measure.part else None
    if field not in MODELS:
        return getattr(measure, field)
    rows = getattr(measure, field).order_by("ordinal").values("start", "end", *KEPT[field])
    return json.loads(
        json.dumps(
            [
                row | {"start": row["start"] - measure.start, "end": row["end"] - measure.start}
                for row in rows
            ],
            cls=DjangoJSONEncoder,
        )
    )


def write(measure: Measure, field: str, value: Any) -> None:
    """Make the measure read so."""
    if field in MODELS:
        _write_rows(measure, field, value)
        return
    if field == "part":
        measure.part = measure.edition.parts.get(ordinal=value) if value is not None else None
        measure.save(update_fields=["part"])
        return
    if field == "lineage":
        measure.lineage = value["lineage"]
        measure.save(update_fields=["lineage"])
        return
    setattr(measure, field, value)
    measure.is_leaf = not measure.set_aside
    measure.save(update_fields=[field, "is_leaf"])


def _write_rows(measure: Measure, field: str, rows: Rows) -> None:
    model = MODELS[field]
    getattr(measure, field).all().delete()
    getattr(measure, field).bulk_create(
        model(
            **row
            | {
                "measure": measure,
                "ordinal": ordinal,
                "start": row["start"] + measure.start,
                "end": row["end"] + measure.start,
            }
        )
        for ordinal, row in enumerate(rows, start=1)
    )
