"""Deputies, online sign-off, and leaders who are in charge of some units."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from accounts.choices import Role
from accounts.errors import ConflictError, ForbiddenError, InvalidError
from accounts.models import Department, District, Membership, User
from accounts.roster import RosterRow, check_rows
from accounts.scope import scope_of
from accounts.usecases import NewPerson, enrol, set_charges, set_sign_off
from tests.conftest import NOON, TODAY
from tests.factories import (
    DepartmentFactory,
    MilestoneFactory,
    SubmissionFactory,
    member,
)
from tracking.choices import SubmissionStatus
from tracking.models import Assignment, Milestone, Sheet, Submission
from tracking.usecases import send_for_sign_off, submit


def choose(unit: Department, by: User, **given: object) -> Department:
    arguments = {"is_online": True, "deputy": None, "at": NOON, "now": NOON, "today": TODAY}
    return set_sign_off(department_id=unit.pk, by=by, **(arguments | given))  # type: ignore[arg-type]


def deputies(unit: Department) -> list[str]:
    seats = Membership.objects.active().filter(department=unit, role=Role.DEPUTY)
    return list(seats.values_list("user__name", flat=True))


def send(report: Submission, by: User, signed_by: str = "李局长") -> Submission:
    return submit(
        submission_id=report.pk,
        signed_by=signed_by,
        signed_on=date(2017, 11, 1),
        by=by,
        at=NOON,
        today=TODAY,
    )


@pytest.fixture
def head(bureau: Department) -> User:
    return member(bureau, Role.HEAD)


@pytest.fixture
def report(bureau: Department) -> Submission:
    return SubmissionFactory.create(milestone__department=bureau)


def test_on_paper_whoever_reports_enters_who_signed(report: Submission, liaison: User) -> None:
    assert send(report, liaison).signed_by == "李局长"


def test_where_a_unit_signs_online_the_liaison_does_not_send(
    report: Submission, bureau: Department, head: User, liaison: User
) -> None:
    choose(bureau, head)
    report.refresh_from_db()

    with pytest.raises(ForbiddenError):
        send(Submission.objects.get(), liaison)

    assert send_for_sign_off(submission_id=report.pk, by=liaison, at=NOON).status == (
        SubmissionStatus.SIGN_OFF
    )


@pytest.mark.parametrize("role", [Role.HEAD, Role.DEPUTY])
def test_online_the_one_at_the_screen_signs_under_the_own_name(
    report: Submission, bureau: Department, head: User, role: Role
) -> None:
    choose(bureau, head, deputy=NewPerson("副局长", "13900000000"))
    signer = Membership.objects.get(department=bureau, role=role).user

    sent = send(Submission.objects.get(), signer)

    assert (sent.signed_by, sent.signed_on) == (signer.name, TODAY)


def test_online_needs_somebody_who_signs(bureau: Department, coordinator: User) -> None:
    with pytest.raises(InvalidError, match="审签领导或受委托签发人"):
        choose(bureau, coordinator)

    choose(bureau, coordinator, deputy=NewPerson("副局长", "13900000000"))
    assert deputies(bureau) == ["副局长"]


def test_another_deputy_takes_the_place_of_the_one_before(bureau: Department, head: User) -> None:
    choose(bureau, head, deputy=NewPerson("甲", "13900000001"))
    choose(bureau, head, deputy=NewPerson("乙", "13900000002"))
    assert deputies(bureau) == ["乙"]

    choose(bureau, head)
    assert deputies(bureau) == []


def test_a_head_is_no_deputy(bureau: Department, head: User) -> None:
    with pytest.raises(ConflictError):
        choose(bureau, head, deputy=head.pk)


@pytest.mark.parametrize("role", [Role.LIAISON, Role.DEPUTY, Role.SUPERVISOR, Role.VIEWER])
def test_a_unit_chooses_by_its_head_or_the_coordinator_alone(
    bureau: Department, head: User, role: Role
) -> None:
    with pytest.raises(ForbiddenError):
        choose(bureau, member(bureau, role))


@pytest.fixture
def other(district: District) -> Department:
    return DepartmentFactory.create(district=district)


@pytest.fixture
def leader(district: District, bureau: Department, coordinator: User) -> User:
    """A leader in charge of the bureau."""
    office = DepartmentFactory.create(district=district)
    user = member(office, Role.VIEWER)
    charge(user, coordinator, bureau)
    return User.objects.get(pk=user.pk)


def charge(user: User, by: User, *units: Department) -> Membership:
    seat = Membership.objects.get(user=user, role=Role.VIEWER)
    return set_charges(
        membership_id=seat.pk, departments=[unit.pk for unit in units], by=by, at=NOON, now=NOON
    )


def test_a_leader_sees_the_work_of_the_units_in_charge_alone(
    leader: User, bureau: Department, other: Department
) -> None:
    mine = MilestoneFactory.create(department=bureau)
    foreign = MilestoneFactory.create(department=other)
    sent = SubmissionFactory.create(milestone=mine, waiting=True)
    SubmissionFactory.create(milestone=foreign, waiting=True)
    SubmissionFactory.create(milestone=MilestoneFactory.create(department=bureau))

    assert list(Milestone.objects.visible_to(leader).exclude(department=bureau)) == []
    assert mine in Milestone.objects.visible_to(leader)
    assert set(Assignment.objects.visible_to(leader).values_list("department", flat=True)) == {
        bureau.pk
    }
    assert list(Submission.objects.visible_to(leader)) == [sent]
    assert not Sheet.objects.visible_to(leader).filter(department=other).exists()
    assert not leader.has_perm("tracking.edit_submission", mine)


def test_a_leader_without_units_in_charge_sees_the_district(
    leader: User, coordinator: User, other: Department
) -> None:
    foreign = MilestoneFactory.create(department=other)

    charge(leader, coordinator)

    again = User.objects.get(pk=leader.pk)
    assert foreign in Milestone.objects.visible_to(again)
    assert scope_of(again).overseen == {other.district_id}


def test_a_leader_is_in_charge_of_units_of_the_own_district_alone(
    leader: User, coordinator: User
) -> None:
    with pytest.raises(InvalidError, match="本行政区"):
        charge(leader, coordinator, DepartmentFactory.create())


def test_only_a_coordinator_says_what_a_leader_is_in_charge_of(
    leader: User, bureau: Department, head: User
) -> None:
    with pytest.raises(ForbiddenError):
        charge(leader, head, bureau)


def test_pages_of_other_units_are_not_found(
    client: Client, leader: User, bureau: Department, other: Department
) -> None:
    client.force_login(leader)
    mine = MilestoneFactory.create(department=bureau)
    foreign = MilestoneFactory.create(department=other)

    def status(name: str, key: int) -> int:
        return client.get(reverse(name, args=[key])).status_code

    assert status("tracking:milestone", mine.pk) == 200
    assert status("tracking:milestone", foreign.pk) == 404
    assert status("tracking:handover", bureau.pk) == 200
    assert status("tracking:handover", other.pk) == 404
    home = client.get("/").content.decode()
    assert f"分管单位：{bureau.name}" in home


def test_the_pages_of_the_unit_set_both(
    client: Client, leader: User, bureau: Department, coordinator: User, other: Department
) -> None:
    client.force_login(coordinator)
    seat = Membership.objects.get(user=leader)
    office = reverse("accounts:department", args=[seat.department_id])
    assert "分管单位" in client.get(office).content.decode()

    client.post(reverse("accounts:charges", args=[seat.pk]), {"charges": [other.pk]})
    assert list(seat.charges.all()) == [other]

    page = reverse("accounts:sign-off", args=[bureau.pk])
    refused = client.post(page, {"way": "online", "expected_version": bureau.version})
    assert "在线审签要有审签领导" in refused.content.decode()
    typed = {"way": "online", "name": "副局长", "phone": "13900000000"}
    client.post(page, typed | {"expected_version": str(bureau.version)})
    bureau.refresh_from_db()
    assert bureau.signs_online
    shown = client.get(reverse("accounts:department", args=[bureau.pk])).content.decode()
    assert "在线审签，由审签领导" in shown
    assert "审签方式" in shown


def test_the_liaison_of_a_unit_that_signs_online_is_told_who_sends(
    client: Client, bureau: Department, head: User, liaison: User
) -> None:
    choose(bureau, head)
    milestone = MilestoneFactory.create(department=bureau)
    client.force_login(liaison)

    shown = client.get(reverse("tracking:milestone", args=[milestone.pk])).content.decode()

    assert "本单位在线审签" in shown
    assert 'value="submit"' not in shown


def test_the_workbook_brings_deputies_and_leaders(
    coordinator: User, bureau: Department, other: Department
) -> None:
    rows = [
        RosterRow(2, bureau.name, "甲", Role.DEPUTY.label, "13900000001"),
        RosterRow(
            3, other.name, "乙", "领导查阅", "13900000002", charges=f"{bureau.name}，{other.name}"
        ),
    ]

    enrol(rows=rows, by=coordinator, at=NOON, now=NOON, today=TODAY)

    assert deputies(bureau) == ["甲"]
    assert set(Membership.objects.get(user__name="乙").charges.all()) == {bureau, other}


@pytest.mark.parametrize(
    ("role", "charges", "words"),
    [("联络员", "区发改局", "只有领导查阅填写"), ("领导查阅", "区某某局", "单位名录没有区某某局")],
)
def test_the_workbook_refuses_units_in_charge_that_do_not_hold(
    coordinator: User, bureau: Department, role: str, charges: str, words: str
) -> None:
    row = RosterRow(2, bureau.name, "甲", role, "13900000001", charges=charges)

    (checked,) = check_rows([row], districts={bureau.district_id}, by=coordinator)

    assert words in checked.problems[0]
