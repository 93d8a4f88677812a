"""Every resource of the API with its verbs, and who gets which answer."""

from typing import NamedTuple

from tests.matrix.doors import (
    COORDINATOR,
    COORDINATORS,
    DISTRICT,
    EVERYBODY,
    HELPERS,
    NOBODY,
    OWNERS,
    PEOPLE_OF,
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


def unshaped(*about: str, sees: frozenset[str] = EVERYBODY) -> Resource:
    """A step that wants more than the call brings: it says so to whoever sees the row, and changes
    nothing; who may take it is asked where its use case and its page are tested."""
    return Resource(about, {"POST": door(400, sees)})


LIST = listed()
ASKED = door(400, EVERYBODY)
DRAFT = door(200, OWNERS)

RESOURCES = {
    "": Resource((), {"GET": door(200, EVERYBODY)}),
    "schema/": Resource((), {"GET": door(200, EVERYBODY)}),
    "docs/": Resource((), {"GET": Door(200, EVERYBODY, stranger=SIGN_IN)}),
    "me/": LIST,
    "people/": LIST,
    "people/<int:pk>/": shown("liaison", PEOPLE_OF),
    "tokens/": listed(POST=ASKED),
    "tokens/<int:pk>/": shown("apitoken", COORDINATOR, DELETE=door(204, COORDINATOR)),
    "events/": LIST,
    "calendar/": Resource((), {"GET": ASKED}),
    "search/": Resource((), {"GET": ASKED}),
    "external-ids/": listed(POST=ASKED),
    "external-ids/<int:pk>/": shown(
        "externalid", DISTRICT, DELETE=door(204, COORDINATOR, DISTRICT)
    ),
    "departments/": listed(POST=ASKED),
    "departments/<int:pk>/": shown("department", DISTRICT, PATCH=door(200, COORDINATOR, DISTRICT)),
    "plans/": listed(POST=door(202, COORDINATORS, EVERYBODY)),
    "parse/": Resource((), {"POST": door(400, EVERYBODY - {"unplaced"}, EVERYBODY)}),
    "jobs/": LIST,
    "jobs/<int:pk>/": shown("job", COORDINATOR),
    "jobs/<int:pk>/cancel/": step("job", COORDINATOR, sees=NOBODY),
    "editions/": LIST,
    "editions/<int:pk>/": shown("edition", DISTRICT),
    "editions/<int:pk>/issue/": unshaped("edition", sees=DISTRICT),
    "editions/<int:pk>/adopt/": unshaped("edition", sees=DISTRICT),
    "parts/": LIST,
    "parts/<int:pk>/": shown("part", DISTRICT),
    "indicators/": LIST,
    "indicators/<int:pk>/": shown("indicator", DISTRICT),
    "metrics/": LIST,
    "metrics/<int:pk>/": shown("metric", DISTRICT),
    "doubts/": LIST,
    "doubts/<int:pk>/": shown("doubt", COORDINATOR),
    "doubts/<int:pk>/reopen/": step("doubt", COORDINATOR, 409, NOBODY),
    "doubts/<int:pk>/settle/": step("doubt", COORDINATOR, sees=NOBODY),
    "dispatches/": LIST,
    "dispatches/<int:pk>/": shown("dispatch", SEERS),
    "dispatches/<int:pk>/acknowledge/": step("dispatch", OWNERS),
    "dispatches/acknowledge/": unshaped(),
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
    "assignments/<int:pk>/instruct/": unshaped("assignment", sees=SEERS),
    "assignments/close/": unshaped(),
    "assignments/<int:pk>/hand-back/": step("assignment", OWNERS, 201),
    "milestones/": LIST,
    "milestones/<int:pk>/": shown("milestone", HELPERS),
    "milestones/<int:pk>/ask-extension/": step("milestone", OWNERS, 201, HELPERS),
    "milestones/<int:pk>/call/": step("milestone", REVIEWERS, 201, HELPERS),
    "milestones/<int:pk>/extend/": unshaped("milestone"),
    "milestones/<int:pk>/record-paper/": unshaped("milestone"),
    "milestones/<int:pk>/decide-past-day/": unshaped("milestone"),
    "milestones/<int:pk>/contributions/": shown("milestone", HELPERS),
    "milestones/<int:pk>/contribute/": step("milestone", SUPPORTER, 201, HELPERS),
    "contributions/": LIST,
    "contributions/<int:pk>/": shown("contribution", SEERS),
    "contributions/<int:pk>/take-over/": unshaped("contribution", sees=SEERS),
    "instructions/": LIST,
    "instructions/<int:pk>/": shown("instruction", SEERS),
    "instructions/<int:pk>/answer/": unshaped("instruction", sees=SEERS),
    "extensions/": LIST,
    "extensions/<int:pk>/": shown("extension", SEERS),
    "evidence/": LIST,
    "evidence/<int:pk>/": shown("evidence", OWNERS),
    "evidence/<int:pk>/content/": shown("evidence", OWNERS),
    "readings/": LIST,
    "readings/<int:pk>/": shown("reading", SEERS),
    "reviews/": listed(POST=ASKED),
    "reviews/<int:pk>/": shown("review", SEERS),
    "reminders/": LIST,
    "reminders/<int:pk>/": shown("reminder", SEERS),
    "urges/": listed(POST=ASKED),
    "urges/<int:pk>/": shown("urge", SEERS),
    "notices/": LIST,
    "notices/<int:pk>/": shown("notice", COORDINATOR),
    "notices/read/": Resource((), {"POST": door(200, EVERYBODY)}),
    "extension-requests/": LIST,
    "extension-requests/<int:pk>/": shown("extension_request", SEERS),
    "extension-requests/<int:pk>/grant/": step("extension_request", COORDINATOR),
    "extension-requests/<int:pk>/refuse/": step("extension_request", COORDINATOR),
    "extension-requests/<int:pk>/withdraw/": step("extension_request", OWNERS),
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
    "sheets/<int:pk>/call/": step("sheet", REVIEWERS, 201),
    "sheets/<int:pk>/rows/": step("sheet", OWNERS),
    "sheets/<int:pk>/submit/": step("sheet", OWNERS, 400),
    "sheets/<int:pk>/take-back/": step("sent_sheet", OWNERS),
}
