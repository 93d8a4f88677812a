"""What a digest is made of: things to be done, one by one and in groups, before any layout."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from accounts.models import Department
from notifications.choices import RuleKind, Subject


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
    def of(cls, reminders: Iterable[tuple[str, str, int]]) -> "Matters":
        """Sort what is reminded of, given as subject, kind of the rule and id."""
        found: dict[str, list[int]] = {}
        for subject, kind, pk in reminders:
            found.setdefault(_place(subject, kind), []).append(pk)
        return cls(**found)


def _place(subject: str, kind: str) -> str:
    if subject == Subject.DISPATCH:
        return "dispatches"
    is_sheet = subject == Subject.SHEET
    match kind:
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
    """Things of one kind under a heading: how many, the worst of them, the units that owe them."""

    heading: str
    count: int
    items: list[Item]
    units: list[Department] = field(default_factory=list)
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A group under its number, as far as there is room."""

    heading: str
    lead: str
    items: list[Item]
