"""Lists: pages that lose and repeat nothing, and a number of queries that does not grow."""

from collections.abc import Callable
from datetime import date
from itertools import chain

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.api.base import Resource
from accounts.models import Department, User
from config.api_urls import router
from tests.api.conftest import Caller
from tests.api.everything import add_everything
from tests.factories import MilestoneFactory, SubmissionFactory

Call = Callable[[User | None], Caller]
RESOURCES = [prefix for prefix, viewset, _ in router.registry if issubclass(viewset, Resource)]


@pytest.mark.parametrize("resource", RESOURCES)
def test_a_longer_list_asks_no_more_queries(
    call: Call,
    coordinator: User,
    bureau: Department,
    resource: str,
) -> None:
    caller = call(coordinator)
    counts = []
    for _ in range(2):
        for _ in range(3):
            add_everything(bureau, coordinator)
        with CaptureQueriesContext(connection) as queries:
            response = caller.get(f"{resource}/")
        counts.append((len(response.json()["results"]), len(queries)))

    (few, first), (many, second) = counts
    assert many >= few + 3
    assert first == second <= 7


def walk(caller: Caller, path: str, way: str = "next") -> list[list[int]]:
    """Follow the links from a page to the end."""
    pages, url = [], path
    while url:
        body = caller.client.get(url).json()
        pages.append([row["id"] for row in body["results"]])
        url = body[way]
    return pages


def test_pages_follow_each_other_when_many_share_one_date(
    call: Call, liaison: User, bureau: Department
) -> None:
    days = [date(2017, 12, 31)] * 5 + [date(2016, 12, 31)] * 2
    rows = [MilestoneFactory.create(department=bureau, due_on=day) for day in days]
    expected = [row.pk for row in sorted(rows, key=lambda row: (row.due_on, row.pk))]
    caller = call(liaison)

    pages = walk(caller, "/api/v1/milestones/?page_size=2")

    assert [len(page) for page in pages] == [2, 2, 2, 1]
    assert list(chain(*pages)) == expected


def test_pages_lead_back_the_way_they_came(call: Call, liaison: User, bureau: Department) -> None:
    rows = [MilestoneFactory.create(department=bureau).pk for _ in range(5)]
    caller = call(liaison)
    first = caller.get("milestones/", page_size=2).json()
    last = caller.client.get(caller.client.get(first["next"]).json()["next"])

    back = walk(caller, last.json()["previous"], "previous")

    assert first["previous"] is None
    assert back == [rows[2:4], rows[0:2]]


def test_a_row_that_comes_in_between_shifts_no_page(
    call: Call, supervisor: User, bureau: Department
) -> None:
    sent = [
        SubmissionFactory.create(milestone__department=bureau, waiting=True).pk for _ in range(4)
    ]
    caller = call(supervisor)
    first = caller.get("submissions/", page_size=2).json()
    SubmissionFactory.create(milestone__department=bureau, waiting=True)

    second = caller.client.get(first["next"]).json()

    assert [row["id"] for row in second["results"]] == sent[1::-1]


@pytest.mark.parametrize("resource", RESOURCES)
def test_filters_stay_on_the_next_page(
    call: Call, coordinator: User, bureau: Department, resource: str
) -> None:
    for _ in range(2):
        add_everything(bureau, coordinator)

    body = call(coordinator).get(f"{resource}/", page_size=1, count=1).json()

    assert "count=1" in body["next"]
    assert (body["count"] >= 2, body["count_is_bounded"]) == (True, False)
    assert all(walk(call(coordinator), body["next"]))


def test_a_list_is_ordered_by_a_declared_column_and_by_no_other(
    call: Call, liaison: User, bureau: Department
) -> None:
    days = [date(2017, 12, 31), date(2016, 12, 31), date(2018, 12, 31)]
    rows = [MilestoneFactory.create(department=bureau, due_on=day) for day in days]
    caller = call(liaison)

    pages = walk(caller, "/api/v1/milestones/?ordering=-due_on&page_size=2")
    refused = caller.get("milestones/", ordering="narrative")

    assert list(chain(*pages)) == [rows[2].pk, rows[0].pk, rows[1].pk]
    assert refused.status_code == 400
    assert "due_on" in refused.json()["errors"]["ordering"][0]


def test_a_count_stops_at_its_bound(
    call: Call, liaison: User, bureau: Department, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("config.pages.COUNTED_UP_TO", 2)
    for _ in range(3):
        MilestoneFactory.create(department=bureau)

    body = call(liaison).get("milestones/", page_size=1, count=1).json()

    assert (body["count"], body["count_is_bounded"]) == (2, True)
    assert "count" not in call(liaison).get("milestones/").json()
