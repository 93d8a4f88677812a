"""Words that depend on whom they are said to."""

from accounts.choices import GOVERNMENT_SIDE
from accounts.models import Department


def return_word(department: Department) -> str:
    """Name the return of a report: a government department is told, all others are asked."""
    return "退回补正" if department.kind in GOVERNMENT_SIDE else "商请补充"
