"""Long lists are read page by page and never counted to the end."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import paging
from accounts.models import District
from accounts.paging import LongPaginator
from tests.factories import DistrictFactory


@pytest.fixture
def seven(db: None, monkeypatch: pytest.MonkeyPatch) -> LongPaginator:
    """Seven rows, two a page, of which five are counted."""
    monkeypatch.setattr(paging, "COUNTED_UP_TO", 5)
    DistrictFactory.create_batch(7)
    return LongPaginator(District.objects.order_by("id"), 2)


def test_a_short_list_is_counted_and_ends(db: None) -> None:
    DistrictFactory.create_batch(3)
    pages = LongPaginator(District.objects.order_by("id"), 2)

    assert (pages.count, pages.is_longer, pages.num_pages) == (3, False, 2)
    assert pages.get_page("1").has_next()
    assert (len(pages.get_page("2")), pages.get_page("2").has_next()) == (1, False)
    assert pages.get_page("99").number == 2


def test_a_long_list_says_more_than_and_is_read_to_its_end(seven: LongPaginator) -> None:
    walked = [pages.number for pages in map(seven.get_page, (1, 2, 3, 4)) if pages.has_next()]

    assert seven.is_longer
    assert walked == [1, 2, 3]
    assert len(seven.get_page(4)) == 1


@pytest.mark.parametrize(("asked", "shown"), [(None, 1), ("x", 1), ("0", 1), ("-3", 1)])
def test_nonsense_is_the_first_page(seven: LongPaginator, asked: str | None, shown: int) -> None:
    assert seven.get_page(asked).number == shown


def test_beyond_the_end_is_the_last_page_that_was_counted(seven: LongPaginator) -> None:
    assert seven.get_page("99").number == 3


def test_an_empty_list_is_one_empty_page(db: None) -> None:
    page = LongPaginator(District.objects.order_by("id"), 2).get_page("1")

    assert (list(page), page.number, page.has_next()) == ([], 1, False)


def test_what_a_row_shows_is_joined_to_the_rows_of_the_page_only(seven: LongPaginator) -> None:
    with CaptureQueriesContext(connection) as asked:
        list(seven.get_page(2))

    assert [sql["sql"].startswith("SELECT COUNT") for sql in asked] == [True, False, False]
    assert " IN (" in asked[-1]["sql"]
