"""The played demonstration, for every test that looks at it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.test import override_settings

from tests.conftest import TODAY

BANNER = "演示数据，情节虚构，不反映利通区实际工作"


def demo_settings(folder: Path) -> dict[str, Any]:
    """Return the settings of a demonstration whose files and mail lie in the folder."""
    return {
        "DEMO": True,
        "FIXED_TODAY": TODAY,
        "MEDIA_ROOT": folder / "files",
        "MAILBOX_ROOT": folder / "mailbox",
        "AFTER_COMMIT": "",
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
    }


def seed() -> None:
    """Play the demonstration as its command does."""
    call_command("seed_demo", verbosity=0)


@contextmanager
def seeded(folder: Path, play: Callable[[], object] = seed) -> Iterator[None]:
    """Commit the demonstration to the test database, and leave the database as it was."""
    migrated = connection.creation.serialize_db_to_string()
    with override_settings(**demo_settings(folder)):
        play()
        try:
            yield
        finally:
            call_command("flush", interactive=False, verbosity=0, inhibit_post_migrate=True)
            connection.creation.deserialize_db_from_string(migrated)
