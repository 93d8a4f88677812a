"""A milestone of the bureau, its liaison at the screen, and the demonstration day."""

from datetime import date

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.models import Department, User
from tests.conftest import TODAY
from tests.factories import MilestoneFactory
from tracking.models import Milestone


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
