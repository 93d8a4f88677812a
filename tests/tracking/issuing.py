"""Who stands in a measure, and the handing out of a draft."""

from datetime import date

from accounts.models import Department, User
from plans.choices import NameSort, ResponsibilityRole
from plans.models import Edition, Measure, Responsibility
from tests.conftest import NOON
from tracking.usecases import issue_plan

LEAD, SHARE, SUPPORT = ResponsibilityRole.LEAD, ResponsibilityRole.SHARE, ResponsibilityRole.SUPPORT
ISSUED_ON = date(2016, 9, 12)


def name(measure: Measure, department: Department | None, role: ResponsibilityRole) -> None:
    ordinal = measure.responsibilities.count()
    Responsibility.objects.create(
        measure=measure,
        ordinal=ordinal,
        name=str(department or "各有关部门"),
        canonical=str(department or "各有关部门"),
        role=role,
        sort=NameSort.DEPARTMENT if department else NameSort.GROUP,
        department=department,
        start=2,
        end=4,
    )


def hand_out(draft: Edition, by: User, **given: object) -> Edition:
    arguments = {
        "document_number": "演示〔2016〕1号",
        "issued_on": ISSUED_ON,
        "at": NOON,
        "expected_version": draft.version,
    } | given
    return issue_plan(edition_id=draft.pk, by=by, **arguments)  # type: ignore[arg-type]
