"""A milestone of the bureau, its liaison at the screen, and the demonstration day."""

from datetime import date

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.models import Department, User
from tests.conftest import TODAY
from tests.factories import MilestoneFactory
from tracking.choices import MilestoneKind
from tracking.models import Milestone, ReportingYear, Sheet


@pytest.fixture
def demonstration_day(settings: Settings) -> None:
    settings.FIXED_TODAY = TODAY


@pytest.fixture
def milestone(bureau: Department) -> Milestone:
    return MilestoneFactory.create(department=bureau, report_by=date(2017, 12, 29))


@pytest.fixture
def page(client: Client, liaison: User) -> Client:
    client.force_login(liaison)
    return client


@pytest.fixture
def sheet(bureau: Department) -> Sheet:
    """Two rows that come every year."""
    rows = [
        MilestoneFactory.create(
            department=bureau, kind=MilestoneKind.CYCLE, deadline=None, period="2017"
        )
        for _ in range(2)
    ]
    year = ReportingYear.objects.create(
        plan=rows[0].plan,
        year=2017,
        opens_on=date(2017, 12, 11),
        closes_on=date(2017, 12, 22),
        reports_on=date(2018, 2, 28),
        draft_on=date(2018, 3, 9),
        sent_on=date(2018, 3, 30),
    )
    sheet = Sheet.objects.create(year=year, department=bureau)
    Milestone.objects.update(sheet=sheet)
    return sheet
