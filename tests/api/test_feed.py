"""The change feed: nothing left out, nothing shown that is not the reader's."""

from collections.abc import Callable
from typing import Any

from accounts.models import Department, Event, EventSequence, User
from tests.api.conftest import Caller
from tests.conftest import NOON
from tests.factories import DepartmentFactory, MilestoneFactory
from tracking.models import Milestone, Submission
from tracking.usecases import record_call, take_back

Call = Callable[[User | None], Caller]


def follow(caller: Caller, limit: int = 2) -> list[dict[str, Any]]:
    """Read the feed from its beginning to its end."""
    after, found, has_more = 0, [], True
    while has_more:
        body = caller.get("events/", after=after, limit=limit).json()
        found += body["results"]
        after, has_more = body["next_after"], body["has_more"]
    return found


def telephone(milestone: Milestone, by: User, times: int) -> None:
    for _ in range(times):
        record_call(milestone_id=milestone.pk, person="", by=by, at=NOON)


def test_a_feed_read_in_pieces_holds_every_visible_entry_once(
    call: Call, liaison: User, supervisor: User, bureau: Department
) -> None:
    own = MilestoneFactory.create(department=bureau)
    other = MilestoneFactory.create(department=DepartmentFactory.create(district=bureau.district))
    for _ in range(3):
        telephone(own, supervisor, 2)
        telephone(other, supervisor, 3)

    seen = follow(call(liaison))

    ours = Event.objects.filter(department=bureau).order_by("seq")
    assert [row["seq"] for row in seen] == list(ours.values_list("seq", flat=True))
    assert {row["object_id"] for row in seen} == {own.pk}
    assert len(follow(call(supervisor))) == 15


def test_a_reader_who_sees_nothing_still_gets_on(
    call: Call, outsider: User, supervisor: User, milestone: Milestone
) -> None:
    telephone(milestone, supervisor, 3)

    body = call(outsider).get("events/").json()

    assert body == {"results": [], "next_after": 3, "has_more": False}
    assert call(outsider).get("events/", after=3).json()["next_after"] == 3


def test_steps_in_the_house_and_refusals_are_told_to_no_overseer(
    call: Call, liaison: User, viewer: User, supervisor: User, waiting: Submission
) -> None:
    take_back(submission_id=waiting.pk, by=liaison, at=NOON, expected_version=1)
    call(viewer).post(f"milestones/{waiting.milestone_id}/call/")

    assert Event.objects.filter(result="denied").count() == 1
    assert [row["action"] for row in follow(call(liaison))] == ["take_back"]
    assert follow(call(supervisor)) == follow(call(viewer)) == []


def test_a_number_that_is_not_given_yet_is_refused(call: Call, liaison: User) -> None:
    response = call(liaison).get("events/", after=7)

    assert response.status_code == 400
    assert response.json()["errors"]["after"]


def test_a_long_stretch_that_is_not_seen_is_passed_in_steps(
    call: Call, liaison: User, supervisor: User, milestone: Milestone, monkeypatch: Any
) -> None:
    monkeypatch.setattr("accounts.api.events.LOOKED_AT", 2)
    stranger = MilestoneFactory.create(
        department=DepartmentFactory.create(district=milestone.department.district)
    )
    telephone(stranger, supervisor, 5)
    telephone(milestone, supervisor, 1)

    first = call(liaison).get("events/").json()

    assert (first["results"], first["next_after"], first["has_more"]) == ([], 2, True)
    assert [row["seq"] for row in follow(call(liaison))] == [6]
    assert EventSequence.objects.get().last == 6
