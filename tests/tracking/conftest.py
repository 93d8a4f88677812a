"""A milestone of the bureau, its liaison at the screen, and the demonstration day."""

from datetime import date

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.models import Department, District, User
from plans.models import Edition
from tests.conftest import TODAY
from tests.factories import DepartmentFactory, EditionFactory, MilestoneFactory, SheetFactory
from tracking.choices import MilestoneKind
from tracking.models import Milestone, Sheet


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
    sheet: Sheet = SheetFactory.create(year__plan=rows[0].plan, department=bureau)
    Milestone.objects.update(sheet=sheet)
    return sheet


@pytest.fixture
def draft(district: District) -> Edition:
    return EditionFactory.create(draft=True, plan__district=district)


@pytest.fixture
def other(district: District) -> Department:
    return DepartmentFactory.create(district=district)
