"""Targets and duties that come again, added to a measure by hand."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import User
from plans.models import Edition
from plans.usecases import Again, Changes, Targeted, correct_measure
from tests.conftest import NOON

Correct = Callable[..., None]


@pytest.fixture
def correct(edition: Edition, checker: User) -> Correct:
    """Correct 第1项（5） of the home plan."""

    def run(**fields: Any) -> None:
        measure = edition.measures.get(path="1.5")
        correct_measure(measure_id=measure.pk, changes=Changes(**fields), by=checker, at=NOON)

    return run


def test_a_metric_is_added_where_the_document_sets_it(edition: Edition, correct: Correct) -> None:
    measure = edition.measures.get(path="1.5")

    correct(metrics=[Targeted(None, "=", Decimal(1), unit="份", name="清单", text="清单管理")])
    first = measure.metrics.get()
    correct(
        metrics=[
            Targeted(1, "=", Decimal(2), unit="份", name="清单数"),
            Targeted(None, ">=", Decimal(90), unit="%", name="公布率"),
        ]
    )

    changed, added = measure.metrics.order_by("ordinal")
    text = edition.text
    assert (first.name, first.unit, text[first.start : first.end]) == ("清单", "份", "清单管理")
    assert (changed.name, changed.value) == ("清单数", Decimal(2))
    assert changed.lineage == first.lineage
    assert (added.start, added.end) == (measure.start, measure.end)
    assert added.lineage != first.lineage


def test_recurrences_are_added_changed_and_removed(edition: Edition, correct: Correct) -> None:
    measure = edition.measures.get(path="1.5")

    correct(recurrences=[Again(None, "yearly", 1, "更新清单", text="清单管理")])
    added = measure.recurrences.get()
    correct(recurrences=[Again(1, "quarterly", None, "更新清单")])
    changed = measure.recurrences.get()
    correct(recurrences=[])

    assert (added.times, edition.text[added.start : added.end]) == (1, "清单管理")
    assert (changed.frequency, changed.times, changed.text) == ("quarterly", None, "清单管理")
    assert not measure.recurrences.exists()
