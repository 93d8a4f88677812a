"""交办: the page that shows an issue before it is made."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries

from accounts.models import Department, Event, User
from plans.choices import Severity, Stage
from plans.models import Doubt, Edition
from tests.conftest import NOON
from tests.factories import (
    DeadlineFactory,
    MeasureFactory,
)
from tests.tracking.issuing import ISSUED_ON, LEAD, SHARE, SUPPORT, hand_out, name
from tracking.models import Assignment, Dispatch, Milestone
from tracking.selectors.preview import preview_issue


@pytest.fixture
def varied(draft: Edition, bureau: Department, other: Department) -> Edition:
    """Two leads with two dates, one lead with support, one measure without a lead."""
    first, second, third = MeasureFactory.create_batch(3, edition=draft)
    name(first, bureau, LEAD)
    name(first, other, LEAD)
    DeadlineFactory.create(measure=first, due_on=date(2016, 6, 30))
    DeadlineFactory.create(measure=first, due_on=date(2017, 12, 31))
    name(second, other, LEAD)
    name(second, bureau, SUPPORT)
    name(second, None, SUPPORT)
    DeadlineFactory.create(measure=second, due_on=date(2017, 12, 31))
    name(third, bureau, SHARE)
    return draft


def test_the_preview_counts_what_the_issue_then_makes(varied: Edition, coordinator: User) -> None:
    preview = preview_issue(varied, today=ISSUED_ON)

    hand_out(varied, coordinator)

    assert len(preview.units) == Dispatch.objects.count() == 2
    assert preview.assignments == Assignment.objects.count() == 4
    assert preview.milestones == Milestone.objects.counted().count() == 3


def test_the_preview_names_what_falls_together(varied: Edition, other: Department) -> None:
    preview = preview_issue(varied, today=ISSUED_ON)

    day = preview.days[-1]
    assert (day.due_on, day.count, day.of_two) == (date(2017, 12, 31), 2, 2)
    assert day.units[0] == (other.name, 2)


def test_the_preview_names_what_was_due_before_the_issue(varied: Edition) -> None:
    preview = preview_issue(varied, today=ISSUED_ON)

    assert [row.dated.due_on for row in preview.past] == [date(2016, 6, 30)]


def test_the_preview_gives_the_reason_for_what_is_not_handed_out(varied: Edition) -> None:
    measure = varied.measures.get(responsibilities__role=SHARE)
    Doubt.objects.create(
        edition=varied,
        ordinal=0,
        measure=measure,
        code="no_lead",
        severity=Severity.ERROR,
        message="没有写明责任单位",
        start=0,
        end=1,
    )

    preview = preview_issue(varied, today=ISSUED_ON)

    assert [(row.measure, row.reason) for row in preview.withheld] == [
        (measure, "没有写明责任单位")
    ]


def test_looking_at_the_preview_changes_nothing(
    client: Client, varied: Edition, coordinator: User
) -> None:
    client.force_login(coordinator)

    response = client.get(reverse("tracking:issue", args=[varied.pk]))

    assert response.status_code == 200
    assert not Dispatch.objects.exists()
    assert not Event.objects.exists()


def test_the_preview_explains_a_text_sent_out_for_comments(
    client: Client, varied: Edition, coordinator: User
) -> None:
    Edition.objects.filter(pk=varied.pk).update(stage=Stage.CONSULTATION)
    client.force_login(coordinator)

    text = client.get(reverse("tracking:issue", args=[varied.pk])).content.decode()

    assert "本件没有发文字号和印发日期" in text


def test_the_page_issues_with_the_chosen_reporter(
    client: Client, varied: Edition, coordinator: User, other: Department
) -> None:
    measure = varied.measures.in_order()[0]
    client.force_login(coordinator)

    client.post(
        reverse("tracking:issue", args=[varied.pk]),
        {
            "document_number": "演示〔2016〕1号",
            "issued_on": "2016-09-12",
            "expected_version": varied.version,
            f"reporter_{measure.pk}": other.pk,
        },
    )

    assert set(Milestone.objects.counted().values_list("department", flat=True)) == {other.pk}


def test_the_page_keeps_what_was_typed_when_a_doubt_stops_the_issue(
    client: Client, varied: Edition, coordinator: User, other: Department
) -> None:
    Doubt.objects.create(
        edition=varied, ordinal=0, code="x", severity=Severity.ERROR, message="×", start=0, end=1
    )
    measure = varied.measures.in_order()[0]
    client.force_login(coordinator)

    response = client.post(
        reverse("tracking:issue", args=[varied.pk]),
        {
            "document_number": "演示〔2016〕7号",
            "issued_on": "2016-09-12",
            "expected_version": varied.version,
            f"reporter_{measure.pk}": other.pk,
        },
    )

    text = response.content.decode()
    assert response.status_code == 409
    assert 'value="演示〔2016〕7号"' in text
    assert f'<option value="{other.pk}" selected>' in text


def test_after_the_issue_the_page_lists_the_dispatches_with_their_receipts(
    client: Client, varied: Edition, coordinator: User, bureau: Department, other: Department
) -> None:
    hand_out(varied, coordinator)
    Dispatch.objects.filter(department=other).update(
        acknowledged_at=NOON, acknowledged_by=coordinator
    )
    client.force_login(coordinator)

    text = client.get(reverse("tracking:issue", args=[varied.pk])).content.decode()

    assert str(bureau) in text
    assert 'data-state="待签收"' in text
    assert 'data-state="已签收"' in text


def test_a_liaison_does_not_find_a_draft(client: Client, draft: Edition, liaison: User) -> None:
    client.force_login(liaison)

    assert client.get(reverse("tracking:issue", args=[draft.pk])).status_code == 404


def test_a_liaison_sees_only_the_own_dispatch(
    client: Client, varied: Edition, coordinator: User, liaison: User, other: Department
) -> None:
    hand_out(varied, coordinator)
    client.force_login(liaison)

    text = client.get(reverse("tracking:issue", args=[varied.pk])).content.decode()

    assert text.count('data-state="待签收"') == 1
    assert str(other) not in text


def test_the_preview_asks_the_same_number_of_questions_at_two_sizes(
    client: Client,
    varied: Edition,
    coordinator: User,
    bureau: Department,
    other: Department,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    address = reverse("tracking:issue", args=[varied.pk])
    client.force_login(coordinator)
    with django_assert_max_num_queries(40) as few:
        client.get(address)
    for measure in MeasureFactory.create_batch(6, edition=varied):
        name(measure, bureau, LEAD)
        name(measure, other, LEAD)
        DeadlineFactory.create(measure=measure)

    with django_assert_max_num_queries(40) as many:
        client.get(address)

    assert len(many) == len(few)
