"""When the demonstration is loaded, and when it is not."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from accounts.models import User
from config.demo import play, story
from tests.demo import demo_settings
from tests.factories import DepartmentFactory
from tracking.models import Milestone


def test_without_demo_nothing_is_loaded(db: None, settings: Settings) -> None:
    settings.DEMO = False

    with pytest.raises(CommandError, match="DEMO=1"):
        call_command("seed_demo")

    assert not User.objects.exists()


def test_a_database_in_use_is_left_alone(db: None, settings: Settings) -> None:
    settings.DEMO = True
    DepartmentFactory.create()

    with pytest.raises(CommandError, match="已有其他数据"):
        call_command("seed_demo")

    assert not User.objects.exists()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_demonstration_cut_short_is_loaded_anew(settings: Settings, tmp_path: Path) -> None:
    for name, value in demo_settings(tmp_path).items():
        setattr(settings, name, value)
    play.begin(at=play.at(story.IMPORTED_ON, 8))
    said, complained = StringIO(), StringIO()

    call_command("seed_demo", stdout=said, stderr=complained)

    assert "中断" in complained.getvalue()
    assert "已载入" in said.getvalue()
    assert Milestone.objects.counted().count() == 37
