"""Every resource of the API with its verbs, and who gets which answer."""

from typing import NamedTuple

from tests.matrix.doors import (
    COORDINATOR,
    DISTRICT,
    EVERYBODY,
    HELPERS,
    NOBODY,
    OWNERS,
    REVIEWERS,
    SEERS,
    SIGN_IN,
    Door,
)

SUPPORTER = frozenset({"supporter"})


class Resource(NamedTuple):
    """The rows that fill the address, and a door for each verb that is taken."""

    about: tuple[str, ...]
    doors: dict[str, Door]


def door(status: int, may: frozenset[str], sees: frozenset[str] = NOBODY) -> Door:
    """A door of the API, where a stranger is told to bring a token."""
    return Door(status, may, sees, stranger=401)


def listed(**more: Door) -> Resource:
    """A list, which shows everybody what they may see of it."""
    return Resource((), {"GET": door(200, EVERYBODY)} | more)


def shown(about: str, may: frozenset[str], **more: Door) -> Resource:
    """One row."""
    return Resource((about,), {"GET": door(200, may)} | more)


def step(
    about: str, may: frozenset[str], status: int = 200, sees: frozenset[str] = SEERS
) -> Resource:
    """A step with one row."""
    return Resource((about,), {"POST": door(status, may, sees)})


LIST = listed()
DRAFT = door(200, OWNERS)

RESOURCES = {
    "": Resource((), {"GET": door(200, EVERYBODY)}),
    "schema/": Resource((), {"GET": door(200, EVERYBODY)}),
    "docs/": Resource((), {"GET": Door(200, EVERYBODY, stranger=SIGN_IN)}),
    "departments/": LIST,
    "departments/<int:pk>/": shown("department", DISTRICT),
    "plans/": LIST,
    "plans/<int:pk>/": shown("plan", DISTRICT),
    "measures/": LIST,
    "measures/<int:pk>/": shown("measure", DISTRICT),
    "assignments/": LIST,
    "assignments/<int:pk>/": shown("assignment", SEERS),
    "assignments/<int:pk>/add-department/": step("assignment", COORDINATOR, 201),
    "assignments/<int:pk>/change-lead/": step("assignment", COORDINATOR),
    "assignments/<int:pk>/suspend/": step("assignment", COORDINATOR),
    "assignments/<int:pk>/resume/": step("assignment", COORDINATOR, 409),
    "assignments/<int:pk>/terminate/": step("assignment", COORDINATOR),
    "assignments/<int:pk>/close/": step("assignment", REVIEWERS, 409),
    "assignments/<int:pk>/reopen/": step("assignment", REVIEWERS, 409),
    "assignments/<int:pk>/hand-back/": step("assignment", OWNERS, 201),
    "milestones/": LIST,
    "milestones/<int:pk>/": shown("milestone", HELPERS),
    "milestones/<int:pk>/ask-extension/": step("milestone", OWNERS, 201, HELPERS),
    "milestones/<int:pk>/call/": step("milestone", REVIEWERS, 201, HELPERS),
    "milestones/<int:pk>/contributions/": shown("milestone", HELPERS),
    "milestones/<int:pk>/contribute/": step("milestone", SUPPORTER, 201, HELPERS),
    "extension-requests/": LIST,
    "extension-requests/<int:pk>/": shown("extension", SEERS),
    "extension-requests/<int:pk>/grant/": step("extension", COORDINATOR),
    "extension-requests/<int:pk>/refuse/": step("extension", COORDINATOR),
    "extension-requests/<int:pk>/withdraw/": step("extension", OWNERS),
    "hand-backs/": LIST,
    "hand-backs/<int:pk>/": shown("hand_back", SEERS),
    "hand-backs/<int:pk>/grant/": step("hand_back", COORDINATOR),
    "hand-backs/<int:pk>/refuse/": step("hand_back", COORDINATOR),
    "hand-backs/<int:pk>/withdraw/": step("hand_back", OWNERS),
    "submissions/": listed(POST=door(201, OWNERS, HELPERS)._replace(hidden=400)),
    "submissions/<int:pk>/": shown("draft", OWNERS, PUT=DRAFT, PATCH=DRAFT),
    "submissions/<int:pk>/accept/": step("waiting", REVIEWERS),
    "submissions/<int:pk>/return/": step("waiting", REVIEWERS),
    "submissions/<int:pk>/take-back/": step("waiting", OWNERS),
    "submissions/<int:pk>/evidence/": step("draft", OWNERS, 201, NOBODY),
    "submissions/<int:pk>/evidence/<int:evidence_id>/": Resource(
        ("draft", "evidence"), {"DELETE": DRAFT}
    ),
    "submissions/<int:pk>/send-for-sign-off/": step("draft", OWNERS, 200, NOBODY),
    "submissions/<int:pk>/submit/": step("draft", OWNERS, 200, NOBODY),
    "sheets/": LIST,
    "sheets/<int:pk>/": shown("sheet", SEERS),
    "sheets/<int:pk>/rows/": step("sheet", OWNERS),
    "sheets/<int:pk>/submit/": step("sheet", OWNERS, 400),
    "sheets/<int:pk>/take-back/": step("sent_sheet", OWNERS),
}
