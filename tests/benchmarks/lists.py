"""What the first page of a list costs among 10,000 and among 1,000,000 milestones, and how many
reports are sent in the time of bare transactions.

Run by hand from the root: `python -m tests.benchmarks.lists [SIZE …]`. A PostgreSQL server of its
own is filled, asked and thrown away; the million takes minutes and gigabytes in /tmp.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from tests.suite import postgres

if TYPE_CHECKING:
    from accounts.models import User

SIZES = (10_000, 1_000_000)
UNITS, OPEN_OF_ONE, ROUNDS, REPORTS = 100, 100, 60, 90
OPEN = "/milestones/?state=open"
PAGES = {
    "API, all": (f"/api/v1{OPEN}", "coordinator"),
    "API, one department": (f"/api/v1{OPEN}&department={{unit}}", "coordinator"),
    "API, its liaison": (f"/api/v1{OPEN}", "liaison"),
    "page, all": (OPEN, "coordinator"),
    "page, one department": (f"{OPEN}&department={{unit}}", "coordinator"),
    "page, its liaison": (OPEN, "liaison"),
    "page of assignments, all": ("/assignments/", "coordinator"),
    "page of assignments, its liaison": ("/assignments/", "liaison"),
}


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def multiply(row: Any, source: str, **differ: str) -> None:
    """Insert the row again for each row of a source, but for what SQL says of some columns."""
    from django.db import connection

    meta = row._meta
    columns = [field.column for field in meta.concrete_fields if not field.primary_key]
    values = [differ.get(column, f't."{column}"') for column in columns]
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"insert into {meta.db_table} ({names}) select {', '.join(values)} "
            f"from {meta.db_table} t, {source} and t.id = {row.pk}"
        )


class Country:
    """A hundred departments and as many measures as asked, each measure owed by each of them."""

    def __init__(self) -> None:
        from accounts.choices import Role
        from tests.factories import DepartmentFactory, MilestoneFactory, SubmissionFactory, member

        self.unit = DepartmentFactory.create()
        self.milestone = MilestoneFactory.create(
            department=self.unit, assignment__measure__ordinal=1
        )
        self.report = SubmissionFactory.create(milestone=self.milestone, accepted=True)
        self.people: dict[str, User] = {
            "coordinator": member(
                DepartmentFactory.create(district=self.unit.district), Role.COORDINATOR
            ),
            "liaison": member(self.unit, Role.LIAISON),
        }
        self.measures = 1
        units = f"generate_series(2, {UNITS}) n where true"
        multiply(self.unit, units, name="'区第' || n || '单位'", code="'U' || n")
        multiply(
            self.milestone.assignment.dispatch,
            "accounts_department d where d.name like '%单位'",
            department_id="d.id",
        )

    def grow(self, size: int) -> None:
        """Add measures with all that belongs to them until there are so many milestones."""
        from django.db import connection

        last, first = size // UNITS, self.measures + 1
        owed = self.milestone.assignment
        fresh = f"m.ordinal between {first} and {last}"
        multiply(
            owed.measure,
            f"generate_series({first}, {last}) n where true",
            ordinal="n", path="n", code="n", number="n", lineage="gen_random_uuid()",
        )  # fmt: skip
        multiply(
            self.milestone.deadline,
            f"plans_measure m where {fresh}",
            measure_id="m.id", due_on="date '2016-12-31' + mod(m.ordinal * 37, 1500)",
        )  # fmt: skip
        multiply(
            owed,
            f"plans_measure m, tracking_dispatch d where {fresh}",
            measure_id="m.id", dispatch_id="d.id", department_id="d.department_id",
        )  # fmt: skip
        is_open = (
            f"(case when a.department_id = {self.unit.pk} then m.ordinal <= {OPEN_OF_ONE} "
            "else mod(a.id, 2) = 0 end)"
        )
        multiply(
            self.milestone,
            "tracking_assignment a join plans_measure m on m.id = a.measure_id "
            f"join plans_deadline d on d.measure_id = m.id where {fresh}",
            assignment_id="a.id", department_id="a.department_id", deadline_id="d.id",
            due_on="d.due_on", original_due_on="d.due_on", report_by="d.due_on",
            status=f"case when {is_open} then 'open' else 'done' end",
            completed_on=f"case when {is_open} then null else d.due_on end",
        )  # fmt: skip
        multiply(
            self.report,
            f"tracking_milestone i join tracking_assignment a on a.id = i.assignment_id "
            f"join plans_measure m on m.id = a.measure_id where {fresh} and mod(i.id, 3) = 0",
            milestone_id="i.id",
        )
        self.measures = last
        with connection.cursor() as cursor:
            cursor.execute("vacuum analyze")


def cost(ask: "Callable[[], Any]") -> tuple[float, int]:
    """Return what a list costs, the lower quartile of many, in milliseconds, and its questions."""
    from django.db import connection

    asked: list[str] = []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    def once() -> float:
        began = time.perf_counter()
        assert ask().status_code == 200
        return 1000 * (time.perf_counter() - began)

    once()
    with connection.execute_wrapper(note):
        once()
    times = sorted(once() for _ in range(ROUNDS))
    return times[len(times) // 4], len(asked)


def asking(url: str, user: "User") -> "Callable[[], Any]":
    """Return what asks for a list: the API with a token, a page with a session."""
    from datetime import timedelta

    from django.test import Client

    from accounts.clock import real_now
    from accounts.tokens import create_token

    if "/api/" in url:
        now = real_now()
        secret = create_token(
            user=user, name="benchmark", expires_at=now + timedelta(days=1), by=None, at=now
        ).secret
        return partial(Client(headers={"Authorization": f"Bearer {secret}"}).get, url)
    client = Client()
    client.force_login(user)
    return partial(client.get, url)


def throughput(country: Country) -> None:
    """Print how many reports are sent while bare transactions lock, insert and update one row."""
    from django.db import transaction

    from accounts import clock
    from accounts.models import DepartmentName, User
    from tests.factories import SubmissionFactory
    from tracking.models import Milestone
    from tracking.usecases import submit

    person = country.people["liaison"]
    owed = Milestone.objects.open().filter(department=country.unit, submissions=None)
    drafts = [
        SubmissionFactory.create(milestone=row, author=person).pk
        for row in owed.order_by("id")[:REPORTS]
    ]
    today, now = clock.today(), clock.now()

    def send(pk: int) -> None:
        by = User(pk=person.pk, name=person.name)  # a person whose scope nobody has asked yet
        submit(submission_id=pk, signed_by="李局长", signed_on=today, by=by, at=now, today=today)

    def bare(pk: int) -> None:
        with transaction.atomic():
            row = Milestone.objects.select_for_update().get(pk=pk)
            DepartmentName.objects.create(
                district_id=country.unit.district_id, department=country.unit, name=f"第{pk}个名称"
            )
            Milestone.objects.filter(pk=pk).update(version=row.version + 1)

    others = list(Milestone.objects.order_by("id").values_list("pk", flat=True)[: len(drafts)])
    bare_seconds = report_seconds = 0.0
    for draft, other in zip(drafts, others, strict=True):  # by turns, so that noise meets both
        began = time.perf_counter()
        bare(other)
        between = time.perf_counter()
        send(draft)
        report_seconds += time.perf_counter() - between
        bare_seconds += between - began
    count = len(drafts)
    say(f"{count / report_seconds:.0f} reports a second")
    say(f"{count / bare_seconds:.0f} bare transactions a second")
    say(f"ratio {bare_seconds / report_seconds:.2f}")


def main(sizes: Iterable[int]) -> None:
    """Print the cost of each list at each size, and how it grew."""
    country = Country()
    found: dict[str, list[float]] = {name: [] for name in PAGES}
    for size in sizes:
        began = time.monotonic()
        country.grow(size)
        say(f"== {size:,} milestones, made in {time.monotonic() - began:.0f} s")
        for name, (url, who) in PAGES.items():
            ask = asking(url.format(unit=country.unit.pk), country.people[who])
            milliseconds, questions = cost(ask)
            found[name].append(milliseconds)
            ratio = f"  ratio {milliseconds / found[name][0]:.2f}" if len(found[name]) > 1 else ""
            say(f"{name:34} {milliseconds:8.1f} ms {questions:3} questions{ratio}")
    throughput(country)


if __name__ == "__main__":
    with postgres(is_durable=True) as url, tempfile.TemporaryDirectory(prefix="lists-") as data:
        os.environ |= {"DATABASE_URL": url, "DATA_DIR": data, "STATIC_ROOT": f"{data}/static"}
        os.environ |= {"SECRET_KEY": "for the benchmark", "ALLOWED_HOSTS": "*", "REDIS_URL": ""}
        os.environ |= {"FIXED_TODAY": "2017-11-20", "SECOND_FACTOR": "False"}
        os.environ |= {"API_RATE_USER": "99999/min", "DJANGO_SETTINGS_MODULE": "config.settings"}
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        main([int(size) for size in sys.argv[1:]] or SIZES)
