"""Pages of lists that may be very long."""

from functools import cached_property
from typing import Any, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)

COUNTED_UP_TO = 1_000


def rows_between(rows: QuerySet[M], first: int, last: int) -> list[M]:
    """Return some rows of a long list: their keys are found by index first, so that what a row
    shows is joined to these few only."""
    keys = list(rows.values_list("pk", flat=True)[first:last])
    return list(rows.filter(pk__in=keys)) if keys else []


class LongPage(Page[Any]):
    """A page that knows whether another follows, however far the rows were counted."""

    has_more = False

    def has_next(self) -> bool:
        """Say whether a page follows."""
        return self.has_more


class LongPaginator(Paginator):  # type: ignore[type-arg]  # no generic at run time
    """Pages by number without an exact count: rows are counted up to a thousand, since counting
    a million costs hundreds of pages; those beyond are reached page by page."""

    object_list: QuerySet[Any]

    @cached_property
    def count(self) -> int:
        """The number of rows, one more than the thousand where there are more."""
        rows = self.object_list.order_by().values("pk")
        return int(rows[: COUNTED_UP_TO + 1].count())

    @property
    def is_longer(self) -> bool:
        """Whether there are more rows than were counted."""
        return self.count > COUNTED_UP_TO

    def get_page(self, number: Any) -> LongPage:
        """Return the page, the first for nonsense, and the last counted one beyond the end."""
        try:
            wanted = max(int(number), 1)
        except (TypeError, ValueError):
            wanted = 1
        if not self.is_longer:
            wanted = min(wanted, self.num_pages)
        return self._read(wanted) or self._read(self.num_pages) or LongPage([], 1, self)

    def _read(self, number: int) -> LongPage | None:
        first = (number - 1) * self.per_page
        rows = rows_between(self.object_list, first, first + self.per_page + 1)
        if not rows:
            return None
        page = LongPage(rows[: self.per_page], number, self)
        page.has_more = len(rows) > self.per_page
        return page
