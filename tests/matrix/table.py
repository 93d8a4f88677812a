"""Every page with the row that fills its address, and who gets which answer to GET and POST."""

from tests.matrix.doors import (
    ALL_REVIEWERS,
    COORDINATOR,
    COORDINATORS,
    DISTRICT,
    EVERYBODY,
    HELPERS,
    NOBODY,
    OWNERS,
    PEOPLE_OF,
    REGISTRARS,
    REPORTERS,
    REVIEWERS,
    SEERS,
    Door,
    Page,
    desk,
    seen,
    step,
)

ANYBODY = Page(get=Door(200, EVERYBODY))
FOR_REVIEWERS = Page(get=Door(200, ALL_REVIEWERS))
FOR_REGISTRARS = Page(get=Door(200, REGISTRARS))
WATCHED = Page(get=Door(200, EVERYBODY, stranger=200))
HEADS = frozenset({"head", "coordinator"})
CONTACTS = frozenset({"liaison", "head", "coordinator"})
SUPPORTER = frozenset({"supporter"})
SYSTEM = frozenset({"system"})

ACCOUNTS = {
    "accounts/code/": Page(
        get=Door(200, EVERYBODY, stranger=200), post=Door(400, EVERYBODY, stranger=400)
    ),
    "departments/": ANYBODY,
    "departments/<int:pk>/": seen("department", DISTRICT),
    "departments/<int:pk>/history/": seen("department", SEERS),
    "tokens/": Page(get=Door(200, EVERYBODY), post=Door(400, EVERYBODY)),
    "tokens/<int:pk>/revoke/": step("apitoken", COORDINATOR | SYSTEM, NOBODY),
    "tokens/all/": desk(SYSTEM),
    "services/<int:pk>/": desk(SYSTEM, "service", sees=EVERYBODY),
    "services/<int:pk>/stop/": step("service", SYSTEM, sees=EVERYBODY),
    "departments/add/": desk(COORDINATORS, sees=NOBODY),
    "departments/<int:pk>/edit/": desk(COORDINATOR, "department", sees=DISTRICT),
    "groups/<int:pk>/": desk(COORDINATOR, "group", sees=DISTRICT),
    "departments/<int:pk>/liaison/": desk(HEADS, "department", sees=DISTRICT),
    "departments/<int:pk>/sign-off/": desk(HEADS, "department", sees=DISTRICT),
    "memberships/<int:pk>/charges/": desk(COORDINATOR, "charges", sees=DISTRICT, post=302),
    "people/<int:pk>/contact/": desk(CONTACTS, "liaison", sees=PEOPLE_OF, post=302),
    "people/<int:pk>/code/": step("liaison", HEADS, PEOPLE_OF, status=200),
    "people/<int:pk>/unlock/": step("liaison", HEADS, PEOPLE_OF, status=409),
    "calendar/": ANYBODY,
    "calendar/fill/": Page(post=Door(302, REGISTRARS)),
    "calendar/day/": Page(post=Door(400, REGISTRARS)),
    "calendar/notice/": Page(post=Door(400, REGISTRARS)),
    "kept/": Page(get=Door(302, EVERYBODY)),
    "files/<int:pk>/": seen("file", SEERS),
}

PLANS = {
    "plans/": ANYBODY,
    "plans/import/": desk(COORDINATORS),
    "plans/import/<int:pk>/": seen("job", COORDINATOR),
    "plans/import/<int:pk>/cancel/": step("job", COORDINATOR, NOBODY),
    "plans/<int:pk>/": seen("draft_edition", COORDINATOR),
    "plans/<int:pk>/text/": seen("draft_edition", COORDINATOR),
    "plans/<int:pk>/slips/": seen("draft_edition", COORDINATOR),
    "plans/<int:pk>/confirm/": step("draft_edition", COORDINATOR, NOBODY),
    "plans/<int:edition>/measures/<int:pk>/": desk(
        COORDINATOR, "draft_edition", "draft_measure", sees=NOBODY
    ),
    "plans/<int:pk>/comparison/": seen("draft_edition", COORDINATOR),
    "plans/<int:pk>/reread/": step("draft_edition", COORDINATOR, NOBODY),
    "measures/<int:pk>/match/": desk(COORDINATOR, "draft_measure", sees=NOBODY, post=409),
    "measures/<int:pk>/check/": step("draft_measure", COORDINATOR, NOBODY),
    "measures/<int:pk>/set-aside/": step("draft_measure", COORDINATOR, NOBODY),
    "measures/<int:pk>/merge/": step("draft_measure", COORDINATOR, NOBODY),
    "measures/<int:pk>/split/": step("draft_measure", COORDINATOR, NOBODY),
    "measures/<int:pk>/take/": step("draft_measure", COORDINATOR, NOBODY),
    "plans/<int:edition>/text/<int:start>/": Page(
        ("draft_edition", "start"), get=Door(302, COORDINATOR, NOBODY)
    ),
    "plans/<int:edition>/text/<int:start>/sort/": Page(
        ("draft_edition", "start"), post=Door(302, COORDINATOR, NOBODY)
    ),
    "corrections/<int:pk>/undo/": step("correction", COORDINATOR, NOBODY),
    "doubts/<int:pk>/settle/": step("doubt", COORDINATOR, NOBODY),
    "doubts/<int:pk>/reopen/": step("doubt", COORDINATOR, NOBODY, status=409),
}

HANDING_OUT = {
    "editions/<int:pk>/metrics/": desk(COORDINATOR, "edition", sees=DISTRICT, post=302),
    "editions/<int:pk>/issue/": Page(
        ("draft_edition",),
        get=Door(302, COORDINATOR, NOBODY),
        post=Door(400, COORDINATOR, NOBODY),
    ),
    "editions/<int:pk>/adopt/": desk(COORDINATOR, "draft_edition", sees=NOBODY),
    "plans/<int:pk>/years/": Page(
        ("plan",), get=Door(200, DISTRICT, NOBODY), post=Door(400, COORDINATOR, DISTRICT)
    ),
    "departments/<int:pk>/succession/": desk(COORDINATOR, "department", sees=DISTRICT),
    "departments/<int:pk>/handover/": seen("department", SEERS),
    "dispatches/<int:pk>/": seen("dispatch", SEERS),
    "dispatches/<int:pk>/acknowledge/": step("dispatch", OWNERS),
}

WORK = {
    "search/": ANYBODY,
    "metrics/": ANYBODY,
    "metrics/<int:pk>/": seen("metric", DISTRICT),
    "metrics.xlsx": Page(get=Door(200, DISTRICT, NOBODY)),
    "metrics/<int:pk>/survey/": desk(OWNERS, "metric", sees=DISTRICT),
    "metrics/<int:pk>/survey/blank.xlsx": seen("metric", DISTRICT),
    "my-work/": ANYBODY,
    "milestones/": ANYBODY,
    "assignments/": ANYBODY,
    "milestones/<int:pk>/": Page(
        ("milestone",), get=Door(200, HELPERS, NOBODY), post=Door(409, OWNERS, HELPERS)
    ),
    "milestones/<int:pk>/gathered/": Page(
        ("summed",), get=Door(200, SEERS, NOBODY), post=Door(302, OWNERS, SEERS)
    ),
    "milestones/<int:pk>/reports.docx": seen("milestone", HELPERS),
    "departments/<int:pk>/reports.docx": seen("department", SEERS),
    "milestones/<int:pk>/keep/": step("milestone", OWNERS, HELPERS, status=200),
    "milestones/<int:pk>/contribution/": step("milestone", SUPPORTER, HELPERS, status=412),
    "milestones/<int:pk>/extension-requests/": step("milestone", OWNERS, HELPERS),
    "extension-requests/<int:pk>/": Page(
        ("extension_request",), get=Door(200, SEERS, NOBODY), post=Door(302, COORDINATOR, SEERS)
    ),
    "extension-requests/<int:pk>/withdraw/": step("extension_request", OWNERS),
    "milestones/<int:pk>/extensions/": step("milestone", COORDINATOR, HELPERS),
    "milestones/<int:pk>/past-day/": step("undecided", COORDINATOR),
    "milestones/<int:pk>/call/": step("milestone", REVIEWERS, HELPERS),
    "milestones/<int:pk>/paper/": step("late", REVIEWERS),
    "assignments/<int:pk>/": seen("assignment", SEERS),
    "assignments/<int:pk>/<slug:key>/": Page(
        ("assignment", "step"), post=Door(302, COORDINATOR, SEERS)
    ),
    "hand-backs/<int:pk>/": Page(
        ("hand_back",), get=Door(200, SEERS, NOBODY), post=Door(302, COORDINATOR, SEERS)
    ),
    "hand-backs/<int:pk>/withdraw/": step("hand_back", OWNERS),
    "instructions/<int:pk>/answer/": step("instruction", PEOPLE_OF),
    "submissions/<int:pk>/": seen("draft", OWNERS, status=302),
    "submissions/<int:pk>/submit/": step("draft", OWNERS, NOBODY),
    "submissions/<int:pk>/take-back/": step("waiting", OWNERS),
    "sheets/<int:pk>/": Page(
        ("sheet",), get=Door(200, SEERS, NOBODY), post=Door(302, OWNERS, SEERS)
    ),
    "sheets/<int:pk>/rows/<int:milestone>/": Page(
        ("sheet", "sheet_row"), post=Door(200, OWNERS, SEERS)
    ),
    "sheets/<int:pk>/take-back/": step("sheet", OWNERS, status=409),
    "sheets/<int:pk>/sign-off/": seen("sheet", SEERS),
    "sheets/<int:pk>/workbook/": desk(OWNERS, "sheet", sees=SEERS),
    "sheets/<int:pk>/call/": step("sheet", REVIEWERS),
    "sheets/<int:pk>/blank/": seen("sheet", SEERS),
}

REVIEWING = {
    "queue/": FOR_REVIEWERS,
    "queue/unchanged/": desk(ALL_REVIEWERS, post=409),
    "assignments/closing/": desk(ALL_REVIEWERS, post=409),
    "phrases/<int:pk>/drop/": step("phrase", frozenset({"supervisor"}), NOBODY),
    "submissions/<int:pk>/review/": desk(REVIEWERS, "waiting", sees=SEERS, post=302),
    "sheets/<int:pk>/review/": desk(REVIEWERS, "sent_sheet", sees=SEERS, post=409),
    "calls/": FOR_REVIEWERS,
    "calls.xlsx": FOR_REVIEWERS,
    "papers/": FOR_REVIEWERS,
}

NOTIFICATIONS = {
    "": ANYBODY,
    "roster/": desk(COORDINATORS),
    "roster/form/": Page(get=Door(200, COORDINATORS)),
    "roster/confirm/": Page(post=Door(400, COORDINATORS)),
    "staffing/": FOR_REGISTRARS,
    "plans/<int:pk>/reminders/": desk(COORDINATOR, "plan", sees=DISTRICT, post=422),
    "plans/<int:pk>/reminders/preview/": Page(("plan",), get=Door(200, COORDINATOR, DISTRICT)),
    "mailbox/": ANYBODY,
    "mailbox/<str:key>/": seen("mail", frozenset({"liaison"})),
    "notices/": ANYBODY,
    "notices/read/": Page(post=Door(302, EVERYBODY)),
    "subscription/": ANYBODY,
    "subscription/make/": Page(post=Door(200, REPORTERS - {"deputy"})),
    "subscription/revoke/": Page(post=Door(409, EVERYBODY)),
    "feed/<str:secret>.ics": Page(("secret",), get=Door(200, EVERYBODY, stranger=200)),
    "urge/": Page(get=Door(302, EVERYBODY), post=Door(302, REVIEWERS, SEERS)),
    "robots/": desk(COORDINATORS),
    "robots/<int:pk>/stop/": step("robot", COORDINATOR, NOBODY),
    "outbox.xlsx": FOR_REGISTRARS,
    "outbox/": FOR_REGISTRARS,
    "outbox/<int:pk>/resend/": step(
        "message", frozenset({"coordinator", "system"}), frozenset({"liaison"})
    ),
    "milestones/<int:pk>/reminders/": seen("milestone", HELPERS),
    "styleguide/": Page(get=Door(404, EVERYBODY)),
    "healthz": WATCHED,
    "readyz": WATCHED,
    "metrics": Page(get=Door(404, EVERYBODY, stranger=404)),
}

PAGES = ACCOUNTS | PLANS | HANDING_OUT | WORK | REVIEWING | NOTIFICATIONS
