"""Many rows by one step in one transaction: all, or none with a reason for each that failed."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.errors import ConflictError, DomainError
from accounts.models import User
from accounts.usecase import usecase


@dataclass(frozen=True, slots=True)
class BulkRow:
    """A use case and what it is told of one row; rows are taken in the order of ``pk``."""

    step: Callable[..., Any]
    pk: int
    details: Mapping[str, Any]


class RowsRefusedError(ConflictError):
    """Some rows were refused, so none was carried out; ``refused`` are the reasons by place."""

    code = "rows_refused"
    default_message = "有的行不能办理，全部没有办理；改正或去掉这些行后再提交。"

    def __init__(self, refused: Mapping[int, DomainError]) -> None:
        super().__init__()
        self.refused = dict(refused)
        self.lacks_right = any(error.lacks_right for error in refused.values())


@usecase
def all_or_none(*, rows: Sequence[BulkRow], by: User, at: datetime) -> list[Any]:
    """Carry every row out; return what its step gives, in the order of the rows.

    Every row is tried, so that RowsRefusedError names all that are refused.
    """
    given: dict[int, Any] = {}
    refused: dict[int, DomainError] = {}
    for place in sorted(range(len(rows)), key=lambda place: rows[place].pk):
        row = rows[place]
        body = inspect.unwrap(row.step)  # a use case never calls another
        try:
            with transaction.atomic():
                given[place] = body(**row.details, by=by, at=at)
        except DomainError as error:
            refused[place] = error
    if refused:
        raise RowsRefusedError(refused)
    return [given[place] for place in range(len(rows))]
