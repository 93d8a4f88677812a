"""Hostile files among good ones: the good are read, the others end in words, nothing is left."""

import time

from plans.readers import document_from
from tests.benchmarks.crowd import bombs, descendants, good, read_all

SOME = ("a flat archive", "cells", "nested tags", "pages", "paragraphs")


def test_good_plans_are_read_among_hostile_files_and_no_process_is_left() -> None:
    hostile = bombs()
    files = [(label, *hostile[label]) for label in SOME]
    files += [(f"good: {label}", *file) for label, file in good().items()]
    document_from(*good()["text"])
    before = descendants()

    outcomes = {outcome.name: outcome.refusal for outcome in read_all(files)}

    assert set(outcomes) == {label for label, _, _ in files}
    assert {name for name, refusal in outcomes.items() if not refusal} >= {
        f"good: {label}" for label in good()
    }
    assert all(outcomes[label] for label in SOME if label != "cells")
    until = time.monotonic() + 5
    while descendants() - before and time.monotonic() < until:
        time.sleep(0.05)
    assert not descendants() - before
