"""What a digest is made of: things to be done, one by one and in groups, before any layout."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from accounts.models import Department
from notifications.choices import RuleKind, Subject
from notifications.models import Reminder


@dataclass(frozen=True, slots=True)
class Matters:
    """Ids of what one person is reminded of, by what is to be done with it."""

    milestones: Collection[int] = ()
    sheets: Collection[int] = ()
    dispatches: Collection[int] = ()
    to_sign: Collection[int] = ()
    sheets_to_sign: Collection[int] = ()
    to_review: Collection[int] = ()
    sheets_to_review: Collection[int] = ()

    @classmethod
    def of(cls, reminders: Iterable[Reminder]) -> "Matters":
        """Sort reminders by their subject and rule."""
        found: dict[str, list[int]] = {}
        for row in reminders:
            found.setdefault(_place(row), []).append(row.subject_id)
        return cls(**found)


def _place(row: Reminder) -> str:
    if row.subject_kind == Subject.DISPATCH:
        return "dispatches"
    is_sheet = row.subject_kind == Subject.SHEET
    match row.rule.kind:
        case RuleKind.SIGN_OFF:
            return "sheets_to_sign" if is_sheet else "to_sign"
        case RuleKind.REVIEW:
            return "sheets_to_review" if is_sheet else "to_review"
        case _:
            return "sheets" if is_sheet else "milestones"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing: what it is, how it stands, and the page to act on."""

    reference: str
    title: str
    lines: list[str]
    action: str
    url: str


@dataclass(frozen=True, slots=True)
class Group:
    """Items of one kind under a heading, and the units that owe them."""

    heading: str
    items: list[Item]
    units: list[Department] = field(default_factory=list)
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A group under its number, as far as there is room."""

    heading: str
    lead: str
    items: list[Item]
