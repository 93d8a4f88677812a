"""What every test stands on: its own folder for files and mail, and a clock that is passed in."""

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pytest_django.fixtures import Settings

from accounts.choices import Role
from accounts.models import Department, District, User
from tests.factories import DepartmentFactory, DistrictFactory, member

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2017, 11, 20, 12, 0, tzinfo=SHANGHAI)
TODAY = date(2017, 11, 20)


@pytest.fixture(autouse=True)
def own_folders(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.MAILBOX_ROOT = tmp_path / "mailbox"
    settings.AFTER_COMMIT = ""
    settings.SECOND_FACTOR = False
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


@pytest.fixture
def district(db: None) -> District:
    return DistrictFactory.create()


@pytest.fixture
def bureau(district: District) -> Department:
    """A department that reports."""
    return DepartmentFactory.create(district=district)


@pytest.fixture
def liaison(bureau: Department) -> User:
    return member(bureau, Role.LIAISON)


@pytest.fixture
def coordinator(district: District) -> User:
    return member(DepartmentFactory.create(district=district), Role.COORDINATOR)


@pytest.fixture
def supervisor(district: District) -> User:
    return member(DepartmentFactory.create(district=district), Role.SUPERVISOR)


@pytest.fixture
def viewer(district: District) -> User:
    return member(DepartmentFactory.create(district=district), Role.VIEWER)


@pytest.fixture
def outsider(db: None) -> User:
    """A liaison of another district."""
    return member(DepartmentFactory.create(), Role.LIAISON)
