"""Reading what has not changed costs no body; writing names what was read."""

from collections.abc import Callable
from datetime import date

from accounts.models import Department, User
from tests.api.conftest import Caller
from tests.conftest import NOON, TODAY
from tests.factories import MilestoneFactory
from tracking.models import Milestone, Submission
from tracking.usecases import record_call

Call = Callable[[User | None], Caller]


def test_what_has_not_changed_is_not_sent_again(
    call: Call, liaison: User, draft: Submission
) -> None:
    caller = call(liaison)
    for path in (f"submissions/{draft.pk}/", "submissions/", "departments/", "me/"):
        first = caller.client.get(f"/api/v1/{path}")
        again = caller.client.get(
            f"/api/v1/{path}", headers={"If-None-Match": f'"old", W/{first["ETag"]}'}
        )
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
        assert "no-cache" in again["Cache-Control"]


def test_a_change_brings_a_new_tag_for_the_row_and_its_list(
    call: Call, liaison: User, draft: Submission
) -> None:
    caller, paths = call(liaison), (f"submissions/{draft.pk}/", "submissions/")
    before = [caller.get(path)["ETag"] for path in paths]
    caller.patch(paths[0], {"narrative": "另一段"}, version=1)

    for path, tag in zip(paths, before, strict=True):
        again = caller.client.get(f"/api/v1/{path}", headers={"If-None-Match": tag})
        assert again.status_code == 200
        assert again["ETag"] != tag


def test_a_milestone_that_has_become_late_is_sent_though_nobody_wrote(
    call: Call, liaison: User, bureau: Department, settings: object
) -> None:
    row = MilestoneFactory.create(department=bureau, due_on=TODAY)
    caller, path = call(liaison), f"milestones/{row.pk}/"
    tag = caller.get(path)["ETag"]
    settings.FIXED_TODAY = date(2017, 11, 21)  # type: ignore[attr-defined]

    again = caller.client.get(f"/api/v1/{path}", headers={"If-None-Match": tag})

    assert again.status_code == 200


def test_the_tag_that_was_read_is_what_a_write_names(
    call: Call, liaison: User, draft: Submission
) -> None:
    caller, path = call(liaison), f"/api/v1/submissions/{draft.pk}/"
    tag = caller.client.get(path)["ETag"]
    body = '{"narrative": "一"}'

    def patch(known: str) -> int:
        headers = {"If-Match": known}
        return int(caller.client.patch(path, body, "application/json", headers=headers).status_code)

    assert [patch(tag), patch(tag), patch('"v2"'), patch("v3")] == [200, 412, 200, 400]


def test_rows_changed_since_a_moment_are_found(
    call: Call, liaison: User, supervisor: User, milestone: Milestone
) -> None:
    MilestoneFactory.create(department=milestone.department)
    record_call(milestone_id=milestone.pk, person="", by=supervisor, at=NOON)

    def changed(since: str) -> list[int]:
        rows = call(liaison).get("milestones/", changed_since=since).json()["results"]
        return [row["id"] for row in rows]

    assert changed("2017-11-20T12:00:00+08:00") == [milestone.pk]
    assert changed("2017-11-20T12:00:01+08:00") == []


def test_a_past_day_is_asked_as_on_the_page(call: Call, liaison: User, bureau: Department) -> None:
    row = MilestoneFactory.create(department=bureau, due_on=date(2017, 6, 30), done=True)
    Milestone.objects.filter(pk=row.pk).update(done_at=NOON)

    def overdue(**query: str) -> list[tuple[int, int]]:
        rows = call(liaison).get("milestones/", state="overdue", **query).json()["results"]
        return [(one["id"], one["days_overdue"]) for one in rows]

    assert overdue() == []
    assert overdue(as_of="2017-07-10") == [(row.pk, 10)]
