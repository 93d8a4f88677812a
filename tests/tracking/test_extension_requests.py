"""延期申请: asked by the unit, decided by name with a leader's consent."""

from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.errors import ConflictError, ForbiddenError, InvalidError, StaleError
from accounts.models import Event, User
from tests.conftest import NOON, TODAY
from tests.factories import MilestoneFactory
from tests.tracking.reporting import url
from tests.tracking.test_query_counts import questions
from tracking.models import ExtensionRequest, Milestone
from tracking.usecases import (
    ask_extension,
    grant_extension,
    refuse_extension,
    withdraw_extension,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration_day")]
LATER = date(2018, 6, 30)
CONSENT = {"approved_by": "马××", "approved_on": "2017-11-20", "new_due_on": "2018-06-30"}


def ask(milestone: Milestone, by: User, **changed: Any) -> ExtensionRequest:
    said: dict[str, Any] = {
        "reason": "等待自治区统一编码规范",
        "progress": "已完成清单初稿",
        "new_due_on": LATER,
        "today": TODAY,
    }
    return ask_extension(milestone_id=milestone.pk, by=by, at=NOON, **(said | changed))


def grant(request: ExtensionRequest, by: User, **changed: Any) -> ExtensionRequest:
    said: dict[str, Any] = {"new_due_on": LATER, "approved_by": "马××", "approved_on": TODAY}
    return grant_extension(request_id=request.pk, by=by, at=NOON, **(said | changed))


def test_a_granted_request_moves_the_day_and_keeps_the_original(
    milestone: Milestone, liaison: User, coordinator: User
) -> None:
    request = grant(ask(milestone, liaison), coordinator)

    milestone.refresh_from_db()
    assert (milestone.due_on, milestone.original_due_on) == (LATER, date(2017, 12, 31))
    assert milestone.report_by == date(2018, 6, 29)
    assert (request.status, request.decided_by) == ("granted", coordinator)
    assert request.extension is not None
    assert (request.extension.approved_by, request.extension.approved_on) == ("马××", TODAY)
    actions = Event.objects.order_by("seq").values_list("action", flat=True)
    assert list(actions) == ["ask_extension", "extend"]


def test_a_refused_request_leaves_the_day_and_says_why(
    client: Client, milestone: Milestone, liaison: User, coordinator: User
) -> None:
    request = ask(milestone, liaison)
    with pytest.raises(InvalidError, match="理由"):
        refuse_extension(request_id=request.pk, note=" ", by=coordinator, at=NOON)

    refuse_extension(request_id=request.pk, note="年内须完成", by=coordinator, at=NOON)

    milestone.refresh_from_db()
    assert milestone.due_on == date(2017, 12, 31)
    client.force_login(liaison)
    html = client.get(url(milestone)).content.decode()
    assert "未获同意。理由：年内须完成" in html
    assert "的延期申请未获同意" in html


def test_one_request_at_a_time_and_none_on_what_is_done(
    milestone: Milestone, liaison: User, coordinator: User
) -> None:
    first = ask(milestone, liaison)
    with pytest.raises(ConflictError, match="已有一份延期申请待批"):
        ask(milestone, liaison)
    withdraw_extension(request_id=first.pk, by=liaison, at=NOON)
    second = ask(milestone, liaison)
    Milestone.objects.update(status="suspended")

    with pytest.raises(ConflictError, match="暂缓办理"):
        grant(second, coordinator)
    refuse_extension(request_id=second.pk, note="暂缓办理", by=coordinator, at=NOON)
    with pytest.raises(ConflictError, match="暂缓办理"):
        ask(milestone, liaison)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"reason": " "}, "延期理由和目前进展"),
        ({"progress": ""}, "延期理由和目前进展"),
        ({"new_due_on": date(2017, 12, 31)}, "晚于现在的完成时限"),
        ({"reason": "机密★"}, "密级"),
    ],
)
def test_a_request_says_why_how_far_and_a_later_day(
    milestone: Milestone, liaison: User, changed: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(InvalidError, match=sentence):
        ask(milestone, liaison, **changed)


def test_a_grant_names_who_agreed_and_not_in_the_future(
    milestone: Milestone, liaison: User, coordinator: User
) -> None:
    request = ask(milestone, liaison)

    with pytest.raises(InvalidError, match="批准领导"):
        grant(request, coordinator, approved_by=" ")
    with pytest.raises(InvalidError, match="不能晚于今天"):
        grant(request, coordinator, approved_on=LATER)
    with pytest.raises(StaleError):
        grant(request, coordinator, expected_version=7)
    request.refresh_from_db()
    assert request.status == "asked"


def test_what_is_asked_after_the_day_is_marked(milestone: Milestone, liaison: User) -> None:
    late = datetime(2018, 1, 3, 9, tzinfo=timezone.get_current_timezone())

    assert not ask(milestone, liaison).is_late
    ExtensionRequest.objects.all().delete()
    request = ask_extension(
        milestone_id=milestone.pk,
        reason="等待",
        progress="初稿",
        new_due_on=LATER,
        by=liaison,
        at=late,
        today=late.date(),
    )
    assert request.is_late


def test_only_the_unit_asks_and_only_the_coordinator_decides(
    milestone: Milestone, liaison: User, supervisor: User, coordinator: User, outsider: User
) -> None:
    for stranger in (supervisor, outsider, coordinator):
        with pytest.raises(ForbiddenError):
            ask(milestone, stranger)
    request = ask(milestone, liaison)
    for stranger in (liaison, supervisor, outsider):
        with pytest.raises(ForbiddenError):
            grant(request, stranger)
        with pytest.raises(ForbiddenError):
            refuse_extension(request_id=request.pk, note="不", by=stranger, at=NOON)
    with pytest.raises(ForbiddenError):
        withdraw_extension(request_id=request.pk, by=coordinator, at=NOON)


def test_the_road_by_pages_from_the_unit_through_the_queue_to_the_grant(
    client: Client, milestone: Milestone, liaison: User, coordinator: User
) -> None:
    client.force_login(liaison)
    asked = client.post(
        f"{url(milestone)}extension-requests/",
        {"new_due_on": "2018-06-30", "reason": "等待规范", "progress": "初稿"},
    )
    assert asked.status_code == 302
    assert "延期申请待批" in client.get(url(milestone)).content.decode()
    page = f"/extension-requests/{ExtensionRequest.objects.get().pk}/"
    client.force_login(coordinator)
    for address in ("/", "/queue/"):
        assert page in client.get(address).content.decode()
    missing = client.post(page, CONSENT | {"approved_by": "", "expected_version": "1"})
    assert missing.status_code == 400
    assert 'value="2018-06-30"' in missing.content.decode()

    granted = client.post(page, CONSENT | {"step": "grant", "expected_version": "1"})

    assert granted.status_code == 302
    html = client.get(url(milestone)).content.decode()
    assert "延期1次" in html
    assert "马××2017年11月20日同意" in html
    again = client.post(page, CONSENT | {"step": "grant", "expected_version": "2"})
    assert again.status_code == 409


def test_the_page_of_a_request_is_for_its_unit_and_the_overseers(
    client: Client, milestone: Milestone, liaison: User, supervisor: User, outsider: User
) -> None:
    page = f"/extension-requests/{ask(milestone, liaison).pk}/"
    seen = {}
    for name, person in {"own": liaison, "supervisor": supervisor, "other": outsider}.items():
        client.force_login(person)
        seen[name] = client.get(page).status_code
        assert client.post(f"{page}withdraw/").status_code == {"own": 302}.get(
            name, 403 if name == "supervisor" else 404
        )

    assert seen == {"own": 200, "supervisor": 200, "other": 404}


def test_more_requests_ask_no_more_questions(
    client: Client, milestone: Milestone, liaison: User, coordinator: User
) -> None:

    def grow(count: int) -> None:
        for _ in range(count):
            ask(MilestoneFactory.create(department=milestone.department), liaison)

    client.force_login(coordinator)
    grow(2)
    few = [questions(client, address) for address in ("/queue/", "/")]
    grow(5)

    assert [questions(client, address) for address in ("/queue/", "/")] == few
