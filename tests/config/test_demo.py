"""The demonstration adds up: every number of its story, asked of the database."""

from collections import Counter
from datetime import date
from io import StringIO
from typing import Any

from django.core.management import call_command

from accounts.calendar import WorkCalendar
from accounts.choices import Role
from accounts.models import Event, Membership, StoredFile, User
from config.demo import people, play, story
from notifications.channels.mailbox import keys_of
from notifications.choices import OutboxStatus
from notifications.models import Outbox
from plans.models import Edition
from tests.conftest import TODAY
from tests.demo import BANNER
from tracking.choices import MilestoneState, MilestoneStatus, SubmissionStatus, WorkStatus
from tracking.models import Dispatch, Extension, Milestone, Review, Sheet, Submission

NEW_YEARS_EVE = date(2017, 12, 31)


def milestones() -> Any:
    """All nodes with what is asked of their dates; mypy does not follow annotations."""
    soon_until = WorkCalendar.load().after(TODAY, 30)
    return Milestone.objects.counted().with_state(today=TODAY, soon_until=soon_until)


def reference(milestone: Milestone) -> str:
    return f"{milestone.assignment.measure.path}{milestone.mark}"


def references(found: Any) -> set[str]:
    return {reference(milestone) for milestone in found.with_assignment()}


def test_thirty_seven_nodes_stand_as_the_story_says(demo: None) -> None:
    states = Counter(milestones().values_list("state", flat=True))

    assert states == {
        MilestoneState.DONE: 15,  # 13 in 2016, one made up, and one of 2017 before its day
        MilestoneState.DONE_LATE: 3,
        MilestoneState.WAITING: 2,
        MilestoneState.OVERDUE_UNFINISHED: 1,
        MilestoneState.OVERDUE_REDOING: 1,
        MilestoneState.OVERDUE_UNREPORTED: 1,
        MilestoneState.SOON: 9,
        MilestoneState.SILENT: 5,
    }
    assert sum(states.values()) == 37


def test_eighteen_are_done_on_the_days_given(demo: None) -> None:
    done = milestones().filter(status=MilestoneStatus.DONE)

    assert references(done.filter(state=MilestoneState.DONE)) == {
        *("1.1①", "1.3", "1.4", "2.1", "5.1", "8①", "14", "17.4", "21.1"),
        *("26①", "27①", "28", "39", "9.1", "7.2"),
    }
    late = done.filter(state=MilestoneState.DONE_LATE).with_assignment()
    assert {reference(row): row.completed_on for row in late} == {
        "3.2": date(2017, 3, 2),
        "11": date(2017, 1, 20),
        "12": date(2017, 2, 15),
    }
    assert done.get(assignment__measure__path="9.1").completed_on == date(2017, 10, 20)


def test_two_wait_for_review(demo: None) -> None:
    waiting = milestones().waiting().with_assignment().order_by("last_sent_on")

    assert [
        (reference(row), row.department.name, row.last_sent_on, row.due_on) for row in waiting
    ] == [
        ("13", "区政府办公室", date(2017, 11, 14), date(2017, 11, 30)),
        ("32", "区司法局", date(2017, 11, 17), NEW_YEARS_EVE),
    ]


def test_three_are_overdue_each_in_its_own_way(demo: None) -> None:
    overdue = {reference(row): row for row in milestones().overdue(today=TODAY).with_assignment()}

    assert {name: row.days_overdue(TODAY) for name, row in overdue.items()} == {
        "1.5": 143,
        "26②": 143,
        "19.2": 20,
    }
    assert overdue["1.5"].last_sent_on == date(2017, 6, 26)
    assert overdue["1.5"].last_work_status == WorkStatus.IN_PROGRESS
    assert overdue["26②"].last_sent_on is None
    assert overdue["19.2"].last_sent_on == date(2017, 11, 9)
    assert overdue["19.2"].redo_by == date(2017, 11, 24)
    returns = Review.objects.filter(submission__milestone=overdue["19.2"], decision="returned")
    assert [review.at.date() for review in returns] == [date(2017, 9, 28), date(2017, 11, 16)]


def test_eleven_are_due_at_the_end_of_the_year(demo: None) -> None:
    due = milestones().filter(due_on=NEW_YEARS_EVE)

    assert due.count() == 11
    assert references(due.filter(status=MilestoneStatus.DONE)) == {"9.1"}
    assert references(due.waiting()) == {"32"}
    soon = due.filter(state=MilestoneState.SOON)
    assert references(soon.filter(last_status__isnull=True)) == {"21.3", "23.4"}
    assert references(soon.filter(last_status__isnull=False)) == {
        *("1.1②", "1.2", "5.3", "10", "18.3", "19.4", "27②")
    }
    assert {row.report_by for row in due} == {date(2017, 12, 29)}


def test_five_are_due_later(demo: None) -> None:
    later = milestones().filter(due_on__gt=NEW_YEARS_EVE).in_order()

    assert references(later) == {"2.2", "6.1", "8②", "20", "45"}
    assert references(later.filter(state=MilestoneState.SILENT)) == references(later)


def test_seventeen_of_twenty_one_are_done_by_the_plans_own_dates(demo: None) -> None:
    due_so_far = milestones().filter(original_due_on__lte=TODAY)

    assert due_so_far.count() == 21
    assert due_so_far.filter(status=MilestoneStatus.DONE).count() == 17
    assert due_so_far.overdue(today=TODAY).count() == 3
    assert due_so_far.waiting().count() == 1


def test_three_days_were_moved_once_with_a_leaders_consent(demo: None) -> None:
    moved = Extension.objects.select_related("milestone__assignment__measure")

    assert {reference(row.milestone): row.new_due_on for row in moved} == {
        "1.5": date(2017, 6, 30),
        "13": date(2017, 11, 30),
        "19.2": date(2017, 10, 31),
    }


def test_a_report_of_the_reform_bureau_waits_for_its_head(demo: None) -> None:
    report = Submission.objects.get(status=SubmissionStatus.SIGN_OFF)

    assert reference(report.milestone) == "5.3"
    assert report.milestone.department.name == "区发改局"
    assert report.updated_at.date() == date(2017, 11, 17)
    assert report.evidence.count() == 1
    assert not Submission.objects.filter(status=SubmissionStatus.DRAFT).exists()


def test_the_plan_was_issued_under_a_number_that_says_what_it_is(demo: None) -> None:
    edition = Edition.objects.get()

    assert "演示" in edition.document_number
    assert edition.issued_on == date(2016, 9, 12)
    assert not edition.doubts.stopping().exists()
    answers = dict(edition.doubts.exclude(answer="").values_list("measure__path", "answer"))
    assert set(answers) == {None, "7.2", "42", "43", "44", "45"}
    assert [path for path in ("42", "43", "44") if "共性任务" in answers[path]] == ["43"]
    assert "补报" in answers["7.2"]
    assert Dispatch.objects.count() == 30 + 12
    assert not Dispatch.objects.waiting().exists()


def test_thirty_eight_units_answered_the_six_common_duties_of_2016(demo: None) -> None:
    dated = Milestone.objects.counted().filter(original_due_on__year=2016)
    sums = dated.filter(gathered__isnull=False).distinct()

    told = {reference(row): 1 + row.gathered.filter(status="done").count() for row in sums}

    assert told == dict.fromkeys(["2.1", "11", "12", "13", "14", "21.1"], 38)


def test_a_township_owes_exactly_what_is_asked_of_it(demo: None) -> None:
    sheet = Sheet.objects.get(department__name="金积镇", year__year=2017)

    rows = sheet.milestones.order_by("assignment__measure__ordinal")

    assert [reference(row) for row in rows] == ["9.1", "10", "35", "36", "38", "43"]
    assert (sheet.year.opens_on, sheet.year.closes_on) == (date(2017, 12, 11), date(2017, 12, 22))


def test_only_the_civil_affairs_bureau_has_nobody_who_reports(demo: None) -> None:
    units = set(Dispatch.objects.values_list("department__name", flat=True)) | {"金积镇"}

    reporting = Membership.objects.active().of_role(Role.LIAISON)
    assert units - set(reporting.values_list("department__name", flat=True)) == {"区民政局"}
    heads = Membership.objects.active().of_role(Role.HEAD)
    assert set(heads.values_list("department__name", flat=True)) == {"区民政局", "区发改局"}


def test_everything_happened_on_working_days_in_the_order_of_the_record(demo: None) -> None:
    calendar = WorkCalendar.load()

    moments = list(Event.objects.order_by("seq").values_list("at", flat=True))

    assert moments == sorted(moments)
    assert [at for at in moments if not calendar.is_working(at.date())] == []


def test_every_strand_of_the_story_is_another_node(demo: None) -> None:
    strands = story.read_story(play.STORY)

    assert len({(strand.measure, strand.date_number) for strand in strands}) == 37


def test_a_second_run_changes_nothing(demo: None) -> None:
    before = (Event.objects.count(), User.objects.count(), StoredFile.objects.count())
    said = StringIO()

    call_command("seed_demo", stdout=said)

    assert (Event.objects.count(), User.objects.count(), StoredFile.objects.count()) == before
    assert "已在" in said.getvalue()
    assert BANNER in said.getvalue()
    assert people.PASSWORD in said.getvalue()


def test_the_mail_of_the_day_went_to_the_seven_who_owe_something(demo: None) -> None:
    units = {"czj": "逾期1项", "xcb": "逾期1项", "fgj": "逾期1项，年底前到期2项"}
    units |= {"bb": "年底前到期2项", "zfb": "年底前到期1项", "zzb": "年底前到期1项"}
    units |= {"fzb": "年底前到期3项"}

    sent = Outbox.objects.filter(status=OutboxStatus.SENT)

    assert {row.recipient.username for row in sent} == set(units)
    for row in sent:
        assert units[row.recipient.username] in row.subject
        assert f"（{BANNER}）" in row.body
        assert BANNER in row.html
        assert keys_of(row.address)


def test_each_person_of_the_demo_can_sign_in(demo: None, client: Any) -> None:
    for person in people.INTRODUCED:
        assert client.login(username=person.username, password=people.PASSWORD)
