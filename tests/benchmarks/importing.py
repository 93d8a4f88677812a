"""How long an import takes, from the upload to committed rows.

Run by hand from the root: `python -m tests.benchmarks.importing`. It makes a database of its own
and prints seconds of the wall clock, best of several runs, and as ratios to one plain pass.
"""

import json
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from tempfile import TemporaryDirectory

from tests.benchmarks.parse import HOME_PLAN, PLAIN_PASS, ROOT, say, seconds

RUNS = 9


def waited(work: Callable[[], object], runs: int = RUNS) -> float:
    """Return the seconds of the wall clock that the fastest of several runs took."""
    best = float("inf")
    for _ in range(runs):
        started = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - started)
    return best


def main() -> None:
    """Print what reading in a child and keeping the rows cost."""
    import django

    django.setup()
    from django.core.files.base import ContentFile
    from django.core.management import call_command

    from accounts.choices import Role
    from accounts.models import Department
    from accounts.usecases import load_register
    from plans.readers import document_from
    from plans.usecases import import_plan
    from tests.factories import member

    call_command("migrate", verbosity=0)
    register = json.loads((ROOT / "seeds" / "litong-register.json").read_text(encoding="utf-8"))
    at = datetime(2017, 1, 3, 4, tzinfo=UTC)
    district = load_register(data=register, by=None, at=at).district
    by = member(Department.objects.get(name="区政府法制办"), Role.COORDINATOR)
    content = HOME_PLAN.read_bytes()
    plain = seconds(partial(PLAIN_PASS.findall, content.decode()))

    def bring() -> None:
        upload = ContentFile(content, name="方案.txt")
        import_plan(upload=upload, district=district, by=by, at=at)

    for label, cost in (
        ("first file, with the start of the warm process", waited(bring, runs=1)),
        ("reading in a child", waited(partial(document_from, "方案.txt", content))),
        ("from the upload to committed rows", waited(bring)),
    ):
        say(f"{label}: {cost * 1000:.0f} ms, {cost / plain:.0f} times a plain pass")


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        os.environ |= {"SECRET_KEY": "benchmark", "DATA_DIR": folder}
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        main()
