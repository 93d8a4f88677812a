"""What was last accepted of a duty that recurs stands beside the next period."""

from datetime import date

from django.test import Client

from accounts.models import Department, User
from plans.choices import Frequency
from tests.factories import MilestoneFactory, RecurrenceFactory, SubmissionFactory
from tracking.choices import MilestoneKind
from tracking.models import Milestone
from tracking.selectors.written import last_accepted


def quarters(bureau: Department) -> list[Milestone]:
    first = MilestoneFactory.create(
        department=bureau,
        kind=MilestoneKind.OCCURRENCE,
        deadline=None,
        period="2017Q3",
        recurrence=RecurrenceFactory.create(frequency=Frequency.QUARTERLY),
        due_on=date(2017, 9, 30),
    )
    second = MilestoneFactory.create(
        assignment=first.assignment,
        kind=MilestoneKind.OCCURRENCE,
        deadline=None,
        period="2017Q4",
        recurrence=first.recurrence,
        due_on=date(2017, 12, 31),
    )
    return [first, second]


def test_the_words_of_the_quarter_before_stand_beside_this_one(
    bureau: Department, liaison: User, page: Client
) -> None:
    before, now = quarters(bureau)
    SubmissionFactory.create(milestone=before, accepted=True, narrative="第三季度已通报两次")

    answer = page.get(f"/milestones/{now.pk}/")

    assert "第三季度已通报两次" in answer.text
    assert "（2017年第四季度）" in answer.text


def test_a_later_quarter_says_nothing_of_an_earlier_one(bureau: Department, liaison: User) -> None:
    before, now = quarters(bureau)
    SubmissionFactory.create(milestone=now, accepted=True)

    assert last_accepted(before, [], liaison) is None
