"""What somebody types survives: kept by itself, and over the end of a session."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import Event, User
from tests.conftest import NOON
from tests.tracking.reporting import SIGNED, typed, url
from tracking.choices import SubmissionStatus
from tracking.models import Milestone, Submission
from tracking.usecases import Report, save_draft

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration_day")]


def keep(page: Client, milestone: Milestone, **fields: Any) -> str:
    answer = page.post(f"{url(milestone)}keep/", typed(**fields), headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_keeps_by_itself_and_goes_on_from_the_new_version(
    page: Client, milestone: Milestone
) -> None:
    first = keep(page, milestone, narrative="半句")

    assert "已自动保存" in first
    assert 'name="expected_version" value="1" hx-swap-oob="true"' in first
    keep(page, milestone, narrative="半句话", problems="缺人", expected_version="1")
    draft = Submission.objects.get()
    assert (draft.version, draft.narrative, draft.problems) == (2, "半句话", "缺人")
    assert not Event.objects.filter(action="save").exists()


def test_the_page_does_not_write_over_what_a_colleague_kept(
    page: Client, milestone: Milestone, liaison: User
) -> None:
    save_draft(milestone_id=milestone.pk, report=Report(narrative="同事写的"), by=liaison, at=NOON)

    line = keep(page, milestone, narrative="我写的")

    assert "没有自动保存" in line
    assert Submission.objects.get().narrative == "同事写的"


def test_a_field_that_does_not_hold_keeps_the_rest(page: Client, milestone: Milestone) -> None:
    keep(page, milestone, narrative="半句", completed_on="十月")

    assert Submission.objects.get().narrative == "半句"


def test_only_the_unit_that_owes_it_keeps_anything(
    client: Client, milestone: Milestone, supervisor: User, outsider: User
) -> None:
    answers = []
    for stranger in (supervisor, outsider):
        client.force_login(stranger)
        answers.append(client.post(f"{url(milestone)}keep/", typed()).status_code)

    assert answers == [403, 404]
    assert not Submission.objects.exists()


def test_a_part_of_a_page_that_asks_by_itself_is_told_that_the_session_ended(
    client: Client, milestone: Milestone
) -> None:
    answer = client.post(f"{url(milestone)}keep/", typed(), headers={"HX-Request": "true"})

    assert answer.status_code == 401


def test_what_the_page_asks_by_itself_leaves_the_ended_session_to_the_button(
    page: Client, milestone: Milestone
) -> None:
    session = page.session
    session["_began"] = session["_seen"] = "2017-01-01T08:00:00+08:00"
    session.save()

    by_itself = page.post(f"{url(milestone)}keep/", typed(), headers={"HX-Request": "true"})
    by_button = page.post(url(milestone), typed(narrative="登录过期前写的"))

    assert by_itself.status_code == 401
    assert by_button.status_code == 302
    assert "登录过期前写的" in str(page.session["_kept"])


def test_remarks_are_shown_once_and_do_not_stand_in_the_way(
    page: Client, milestone: Milestone
) -> None:
    form = typed("submit", work_status="difficult", narrative="资金未到位", **SIGNED)

    asked = page.post(url(milestone), form)

    html = asked.content.decode()
    assert asked.status_code == 200
    assert "还没有报送" in html
    assert "未注明预计完成日期" in html
    draft = Submission.objects.get()
    assert draft.status == SubmissionStatus.DRAFT
    again = typed(
        "submit",
        work_status="difficult",
        narrative="资金未到位",
        expected_version=str(draft.version),
        seen="未注明预计完成日期。",
        **SIGNED,
    )
    assert page.post(url(milestone), again).status_code == 302
    assert Submission.objects.get().status == SubmissionStatus.SUBMITTED


@pytest.mark.parametrize(
    ("words", "is_asked"),
    [("内部资料，注意保存", True), ("完善内部控制和内部审计", False), ("（内部）情况", True)],
)
def test_what_is_marked_internal_is_asked_about_once(
    page: Client, milestone: Milestone, words: str, is_asked: bool
) -> None:
    first = page.post(url(milestone), typed("submit", narrative=words, **SIGNED))

    assert (first.status_code == 200) is is_asked
    if is_asked:
        assert "标有“内部”" in first.content.decode()
        version = str(Submission.objects.get().version)
        form = typed("submit", narrative=words, expected_version=version, is_cleared="on", **SIGNED)
        page.post(url(milestone), form)
    assert Submission.objects.get().status == SubmissionStatus.SUBMITTED
