"""What two lists of the API cost beside two floors in the same server, asked by turns.

Run by hand from the root: `python -m tests.benchmarks.api [SIZE]`. A floor has the same fields and
joins and asks nobody who calls; a ratio is how often the list is answered while a floor is once.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from tests.benchmarks.lists import Country, asking, say
from tests.suite import postgres

SIZE, ROUNDS = 10_000, 80
MOST_STATEMENTS = 6
LISTS = {
    "by due date": "state=open",
    "overdue of one department": "state=overdue&department={unit}",
}
FLOORS = {"DRF": 1.0, "plain": 0.5}


def statements(ask: Callable[[], Any]) -> int:
    """Return how many statements an answer takes."""
    from django.db import connection

    asked: list[str] = []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        answer = ask()
    assert answer.status_code == 200
    return len(asked)


def rows_of(ask: Callable[[], Any]) -> list[int]:
    """Return the ids of the rows of an answer."""
    body = ask().json()
    return [row["id"] for row in (body["results"] if isinstance(body, dict) else body)]


def by_turns(asks: dict[str, Callable[[], Any]]) -> dict[str, float]:
    """Return the median milliseconds of each, asked one after another so that noise meets all."""
    times: dict[str, list[float]] = {name: [] for name in asks}
    for _ in range(ROUNDS):
        for name, ask in asks.items():
            began = time.perf_counter()
            ask()
            times[name].append(1000 * (time.perf_counter() - began))
    return {name: sorted(found)[ROUNDS // 2] for name, found in times.items()}


def main(size: int) -> int:
    """Print each list beside its floors; return how many ratios are missed."""
    from django.test import Client

    country = Country()
    country.grow(size)
    missed = 0
    for name, query in LISTS.items():
        query = query.format(unit=country.unit.pk)
        client = Client()
        asks: dict[str, Callable[[], Any]] = {
            "API": asking(f"/api/v1/milestones/?{query}", country.people["coordinator"])
        }
        asks |= {
            floor: partial(client.get, f"/api/floors/{floor.lower()}/?{query}") for floor in FLOORS
        }
        rows = [rows_of(ask) for ask in asks.values()]
        assert rows[0], "an empty list proves nothing"
        assert all(found == rows[0] for found in rows), "the floors list other rows"
        count = statements(asks["API"])
        found = by_turns(asks)
        say(f"== {name}: {len(rows[0])} rows of {size:,}, {count} statements")
        missed += count > MOST_STATEMENTS
        for key, milliseconds in found.items():
            ratio = milliseconds / found["API"]
            wanted = FLOORS.get(key)
            told = "" if wanted is None else f"  ratio {ratio:.2f}, wanted {wanted:.2f}"
            missed += wanted is not None and ratio < wanted
            say(f"{key:6} {milliseconds:7.1f} ms{told}")
    return missed


if __name__ == "__main__":
    with postgres() as url, tempfile.TemporaryDirectory(prefix="api-") as data:
        os.environ |= {"DATABASE_URL": url, "DATA_DIR": data, "STATIC_ROOT": f"{data}/static"}
        os.environ |= {"SECRET_KEY": "for the benchmark", "ALLOWED_HOSTS": "*", "REDIS_URL": ""}
        os.environ |= {"FIXED_TODAY": "2017-11-20", "SECOND_FACTOR": "False"}
        os.environ |= {"API_RATE_USER": "99999/min", "DJANGO_SETTINGS_MODULE": "config.settings"}
        import django
        from django.conf import settings
        from django.core.management import call_command

        settings.ROOT_URLCONF = "tests.benchmarks.floors"
        django.setup()
        call_command("migrate", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else SIZE))
