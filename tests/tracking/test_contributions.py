"""配合情况: a supporting unit adds its part, and the unit that reports takes it over."""

import pytest
from django.test import Client

from accounts.choices import Role
from accounts.errors import ConflictError, ForbiddenError, InvalidError, StaleError
from accounts.models import Department, User
from tests.conftest import NOON
from tests.factories import AssignmentFactory, DepartmentFactory, SubmissionFactory, member
from tests.tracking.reporting import typed, url
from tracking.models import Contribution, Milestone, Submission
from tracking.usecases import Report, contribute, save_draft, take_over_contribution

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration_day")]


@pytest.fixture
def helper(milestone: Milestone) -> User:
    """A liaison of a unit that supports the bureau in the measure."""
    unit = DepartmentFactory.create(district=milestone.department.district, name="区市场监管局")
    AssignmentFactory.create(
        measure=milestone.assignment.measure,
        department=unit,
        role="support",
        reports_through=milestone.assignment,
    )
    return member(unit, Role.LIAISON)


def unit_of(user: User) -> Department:
    return Department.objects.get(memberships__user=user)


def add(milestone: Milestone, by: User, text: str = "已清理3项", **more: int) -> Contribution:
    return contribute(
        milestone_id=milestone.pk,
        department_id=unit_of(by).pk,
        text=text,
        by=by,
        at=NOON,
        **more,
    )


def test_a_part_is_rewritten_until_the_report_takes_it_over(
    milestone: Milestone, liaison: User, helper: User
) -> None:
    add(milestone, helper, "初稿")
    part = add(milestone, helper, expected_version=1)
    save_draft(
        milestone_id=milestone.pk, report=Report(narrative="已公布清单"), by=liaison, at=NOON
    )

    draft = take_over_contribution(contribution_id=part.pk, by=liaison, at=NOON)

    assert draft.narrative == "已公布清单\n区市场监管局配合情况：已清理3项"
    with pytest.raises(ConflictError, match="已经采用"):
        take_over_contribution(contribution_id=part.pk, by=liaison, at=NOON)
    add(milestone, helper, "后来又清理1项")
    assert Contribution.objects.open().get().text == "后来又清理1项"


def test_taking_over_begins_the_report_and_keeps_what_was_returned(
    milestone: Milestone, liaison: User, helper: User
) -> None:
    SubmissionFactory.create(
        milestone=milestone, status="returned", submitted_at=NOON, narrative="原来的话"
    )
    part = add(milestone, helper)

    take_over_contribution(contribution_id=part.pk, by=liaison, at=NOON)

    draft = Submission.objects.get(number=2)
    assert draft.narrative == "原来的话\n区市场监管局配合情况：已清理3项"


def test_nobody_writes_or_takes_over_the_part_of_another(
    milestone: Milestone, liaison: User, helper: User, outsider: User
) -> None:
    part = add(milestone, helper)

    for stranger in (liaison, outsider):
        with pytest.raises(ForbiddenError):
            contribute(
                milestone_id=milestone.pk,
                department_id=part.department_id,
                text="改写",
                by=stranger,
                at=NOON,
            )
    with pytest.raises(ForbiddenError):
        take_over_contribution(contribution_id=part.pk, by=helper, at=NOON)
    with pytest.raises(ForbiddenError):
        contribute(
            milestone_id=milestone.pk,
            department_id=milestone.department_id,
            text="牵头单位不配合自己",
            by=liaison,
            at=NOON,
        )


def test_empty_words_secrets_and_an_old_page_are_refused(
    milestone: Milestone, helper: User
) -> None:
    with pytest.raises(InvalidError, match="请填写配合情况"):
        add(milestone, helper, "  ")
    with pytest.raises(InvalidError, match="密级"):
        add(milestone, helper, "机密★")
    add(milestone, helper)
    with pytest.raises(StaleError):
        add(milestone, helper, "旧页面", expected_version=0)


def test_a_part_is_read_by_the_two_units_alone_before_it_goes_out(
    milestone: Milestone, liaison: User, helper: User, supervisor: User, outsider: User
) -> None:
    part = add(milestone, helper)

    seen = {
        name: Contribution.objects.visible_to(user).exists()
        for name, user in {
            "lead": liaison,
            "own": helper,
            "supervisor": supervisor,
            "outsider": outsider,
        }.items()
    }

    assert seen == {"lead": True, "own": True, "supervisor": False, "outsider": False}
    SubmissionFactory.create(milestone=milestone, waiting=True)
    Contribution.objects.filter(pk=part.pk).update(taken_into=Submission.objects.get())
    assert Contribution.objects.visible_to(supervisor).exists()


def test_one_click_saves_what_is_typed_and_adds_the_part(
    client: Client, page: Client, milestone: Milestone, helper: User, liaison: User
) -> None:
    client.force_login(helper)
    assert "的配合情况" in client.get(url(milestone)).content.decode()
    kept = client.post(
        f"{url(milestone)}contribution/", {"text": "已清理3项", "expected_version": "0"}
    )
    assert kept.status_code == 302
    client.force_login(liaison)
    part = Contribution.objects.get()

    answer = client.post(url(milestone), typed(f"take-{part.pk}", narrative="刚打的字"))

    assert answer.status_code == 302
    draft = Submission.objects.get()
    assert draft.narrative == "刚打的字\n区市场监管局配合情况：已清理3项"


def test_a_page_without_a_part_to_write_refuses_one(
    client: Client, milestone: Milestone, supervisor: User
) -> None:
    client.force_login(supervisor)

    answer = client.post(
        f"{url(milestone)}contribution/", {"text": "代填", "expected_version": "0"}
    )

    assert answer.status_code == 403
    assert not Contribution.objects.exists()
