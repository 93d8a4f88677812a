"""A slice of the years: four months with the first yearly sheets, people acting by chance early."""

import sys
from datetime import date
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from notifications.models import Reminder
from tests.year.drive import WrongMailError, run

SEED = 5
TOLD_UNTIL = date(2016, 10, 14)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demonstration(settings: Settings, tmp_path: Path) -> None:
    settings.DEMO = True


def test_the_engine_sends_exactly_the_mails_of_the_model() -> None:
    figures = run(SEED, date(2016, 12, 31), told_until=TOLD_UNTIL)

    assert figures.mails["digest"] > 100
    assert figures.stops > 0
    assert figures.done > 200


def test_a_mail_that_is_missing_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    sweeping = sys.modules["notifications.usecases.sweep"]
    queue = sweeping._queue_digests

    def forget_the_first(*args: object, **kwargs: object) -> int:
        for row in Reminder.objects.planned().order_by("id")[:1]:
            row.delete()
        queued: int = queue(*args, **kwargs)
        return queued

    monkeypatch.setattr(sweeping, "_queue_digests", forget_the_first)

    with pytest.raises(WrongMailError, match="missing: digest"):
        run(SEED, date(2016, 12, 31), told_until=TOLD_UNTIL)
