"""The world on the demonstration's day."""

import pytest
from pytest_django.fixtures import Settings

from tests.conftest import TODAY
from tests.matrix.knocking import Knocker
from tests.matrix.world import World


@pytest.fixture
def world(db: None, settings: Settings) -> World:
    settings.FIXED_TODAY = TODAY
    settings.ROBOT_HOSTS = ["robot.invalid"]
    return World()


@pytest.fixture
def knocker(world: World) -> Knocker:
    return Knocker(world)
