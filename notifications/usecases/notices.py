"""Words in the page, made from events; they never depend on mail."""

import logging
from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import Max, Model
from django.urls import NoReverseMatch, reverse

from accounts.choices import EventResult, Role
from accounts.models import ApiToken, Department, District, Event, Membership, User
from accounts.usecase import usecase
from notifications.models import Notice, Outbox, SweepState
from notifications.people import People
from plans.choices import ResponsibilityRole
from tracking.choices import Decision
from tracking.models import Assignment, Dispatch, Milestone, Submission
from tracking.selectors.history import past_words

logger = logging.getLogger(__name__)
WINDOW = timedelta(days=7)
LONGEST = 300
ROLES = ("old_role", "role")


class Word(NamedTuple):
    """What to tell, where it leads, and whom."""

    text: str
    path: str
    recipients: list[int]


def make_notices(state: SweepState, people: People, *, at: datetime) -> int:
    """Tell of the events after the last one seen; what is older than a week is past telling."""
    newest = Event.objects.aggregate(newest=Max("seq"))["newest"] or 0
    events = list(
        Event.objects.filter(
            seq__gt=state.last_event_seq,
            seq__lte=newest,
            at__gte=at - WINDOW,
            result=EventResult.DONE,
            object_kind__in={kind for kind, _ in WORDS},
            action__in={action for _, action in WORDS},
        ).order_by("seq")
    )
    things = _things(events)
    notices = []
    for event in events:
        word = _word(event, things, people)
        if word is None:
            continue
        notices += [
            Notice(
                recipient_id=recipient,
                event_seq=event.seq,
                text=word.text[:LONGEST],
                path=word.path,
                is_urgent=(event.object_kind, event.action) in TO_BE_DONE,
                at=event.at,
            )
            for recipient in word.recipients
            if recipient != event.actor_id
        ]
    Notice.objects.bulk_create(notices, ignore_conflicts=True)
    state.last_event_seq = newest
    return len(notices)


def _word(event: Event, things: dict[tuple[str, int], Model], people: People) -> Word | None:
    """Say what happened; an event that cannot be read must not stop the sweep."""
    thing = things.get((event.object_kind, event.object_id))
    say = WORDS.get((event.object_kind, event.action))
    if thing is None or say is None:
        return None
    try:
        return say(event, thing, people)
    except (KeyError, ValueError, NoReverseMatch):
        logger.exception("event %s cannot be told", event.seq)
        return None


def _things(events: list[Event]) -> dict[tuple[str, int], Model]:
    """Load what the events are about: one query per kind."""
    wanted = {
        "tracking.submission": Submission.objects.with_milestone().select_related("review"),
        "tracking.milestone": Milestone.objects.select_related("assignment__measure", "department"),
        "tracking.dispatch": Dispatch.objects.with_edition(),
        "tracking.assignment": Assignment.objects.select_related("measure", "department"),
        "notifications.outbox": Outbox.objects.select_related("recipient"),
        "accounts.department": Department.objects.all(),
        "accounts.district": District.objects.all(),
        "accounts.user": User.objects.all(),
        "accounts.apitoken": ApiToken.objects.select_related("user"),
        "accounts.membership": Membership.objects.active().select_related("user", "department"),
    }
    return {
        (kind, thing.pk): thing
        for kind, rows in wanted.items()
        for thing in rows.filter(
            pk__in={event.object_id for event in events if event.object_kind == kind}
        )
    }


def _page(milestone: Milestone) -> str:
    return reverse("tracking:milestone", args=[milestone.pk])


def _both(department: int, people: People) -> list[int]:
    return people.reminded(department, to_head=True)


def _submitted(event: Event, submission: Submission, people: People) -> Word:
    milestone = submission.milestone
    department = milestone.department
    return Word(
        f"{department}报送了{milestone.reference}的进展反馈，请审核。",
        reverse("tracking:review", args=[submission.pk]),
        people.reviewers(department.district_id, department.pk),
    )


def _returned(event: Event, submission: Submission, people: People) -> Word:
    milestone = submission.milestone
    redo_by = date.fromisoformat(event.data["redo_by"])
    return Word(
        f"{milestone.reference}的反馈被退回，请于{redo_by:%-m月%-d日}前补正。理由：{event.note}",
        _page(milestone),
        _both(milestone.department_id, people),
    )


def _accepted(event: Event, submission: Submission, people: People) -> Word:
    milestone = submission.milestone
    decision = Decision(event.data["decision"]).label
    return Word(
        f"{milestone.reference}的反馈审核通过（{decision}）。",
        _page(milestone),
        _both(milestone.department_id, people),
    )


def _extended(event: Event, milestone: Milestone, people: People) -> Word:
    new_due_on = date.fromisoformat(event.data["new_due_on"])
    return Word(
        f"{milestone.reference}的完成时限延至{new_due_on:%Y年%-m月%-d日}。",
        _page(milestone),
        _both(milestone.department_id, people),
    )


def _redated(event: Event, milestone: Milestone, people: People) -> Word:
    old, new = (date.fromisoformat(event.data[day]) for day in ("old_due_on", "new_due_on"))
    return Word(
        f"{milestone.reference}的完成时限由{old:%Y年%-m月%-d日}改为{new:%Y年%-m月%-d日}"
        f"（{event.note}）。",
        _page(milestone),
        _both(milestone.department_id, people),
    )


def _past_decided(event: Event, milestone: Milestone, people: People) -> Word:
    return Word(
        f"{milestone.reference}交办时已过时限，{past_words(event.data)}。",
        _page(milestone),
        _both(milestone.department_id, people),
    )


def _handed_over(event: Event, milestone: Milestone, people: People) -> Word:
    return Word(
        f"{milestone.reference}的填报由{event.data['old_unit']}移交{event.data['unit']}"
        f"（{event.note}），原来的反馈和草稿都在。",
        _page(milestone),
        _both(milestone.department_id, people),
    )


def _added(event: Event, milestone: Milestone, people: People) -> Word:
    due_on = date.fromisoformat(event.data["due_on"])
    return Word(
        f"{milestone.reference}按新文本新增时间节点，完成时限{due_on:%Y年%-m月%-d日}。",
        _page(milestone),
        _both(milestone.department_id, people),
    )


def _cancelled(event: Event, milestone: Milestone, people: People) -> Word:
    return Word(
        f"{milestone.reference}的时间节点取消，不用再报。理由：{event.note}。",
        _page(milestone),
        _both(milestone.department_id, people),
    )


def _of_assignment(said: str) -> Callable[[Event, Assignment, People], Word]:
    """Return what tells a unit of a change to its assignment; the words take the event's data."""

    def tell(event: Event, assignment: Assignment, people: People) -> Word:
        data = event.data
        roles = {key: ResponsibilityRole(data[key]).label for key in ROLES if key in data}
        return Word(
            assignment.measure.reference + said.format(note=event.note, **roles),
            reverse("tracking:assignment", args=[assignment.pk]),
            _both(assignment.department_id, people),
        )

    return tell


def _urged(event: Event, milestone: Milestone, people: People) -> Word:
    said = f"：{event.note}" if event.note else "，请尽快报送。"
    return Word(
        f"{event.actor_name}催办{milestone.reference}{said}",
        _page(milestone),
        _both(milestone.department_id, people),
    )


def _asked_for_time(event: Event, milestone: Milestone, people: People) -> Word:
    new_due_on = date.fromisoformat(event.data["new_due_on"])
    return Word(
        f"{milestone.department}申请将{milestone.reference}延期至"
        f"{new_due_on:%Y年%-m月%-d日}，请报批后登记。",
        reverse("tracking:queue"),
        people.coordinators(milestone.department.district_id),
    )


def _not_extended(event: Event, milestone: Milestone, people: People) -> Word:
    return Word(
        f"{milestone.reference}的延期申请未获同意，完成时限不变。理由：{event.note}",
        _page(milestone),
        _both(milestone.department_id, people),
    )


def _issued(event: Event, dispatch: Dispatch, people: People) -> Word:
    return Word(
        f"收到《{dispatch.edition.title}》{dispatch.title}，请签收。",
        reverse("tracking:dispatch", args=[dispatch.pk]),
        people.reminded(dispatch.department_id),
    )


def _given_up(event: Event, message: Outbox, people: People) -> Word:
    recipients = people.coordinators(event.district_id) if event.district_id else []
    return Word(
        f"发给{message.recipient}的提醒邮件未能送达：{event.note}",
        reverse("notifications:outbox"),
        recipients,
    )


def _liaison_named(event: Event, seat: Membership, people: People) -> Word:
    unit = seat.department
    told = [*people.reminded(unit.pk, to_head=True), *people.coordinators(unit.district_id)]
    return Word(
        f"{seat.user.name}自{seat.from_on:%Y年%-m月%-d日}起担任{unit}联络员，请看移交清单。",
        reverse("tracking:handover", args=[unit.pk]),
        list(dict.fromkeys(told)),
    )


def _calendar_followed(event: Event, unit: Department, people: People) -> Word:
    before, after = (date.fromisoformat(event.data[key]) for key in ("from", "to"))
    return Word(
        f"工作日安排有调整，{unit}{event.data['count']}个时间节点的反馈截止日"
        f"由{before:%Y年%-m月%-d日}改为{after:%Y年%-m月%-d日}，完成时限不变。",
        reverse("tracking:my-work"),
        people.reminded(unit.pk),
    )


def _district_followed(event: Event, district: District, people: People) -> Word:
    data = event.data
    return Word(
        f"工作日安排有调整，{data['units']}家单位{data['count']}个时间节点的反馈截止日随之改变，"
        "已通知有关单位。",
        reverse("accounts:calendar"),
        people.coordinators(district.pk),
    )


def _code_issued(event: Event, person: User, people: People) -> Word:
    return Word(
        f"{event.actor_name}为您打印了一张开通码；不是您要的，请告诉方案管理员并修改密码。",
        reverse("account_change_password"),
        [person.pk],
    )


def _token_ends(event: Event, token: ApiToken, people: People) -> Word:
    until = date.fromisoformat(event.data["until"])
    return Word(
        f"接口令牌“{token.name}”（{token.user}）{until:%Y年%-m月%-d日}失效，还要用的请先建新的、换上再停用旧的。",
        reverse("accounts:tokens" if not token.user.is_service else "accounts:all-tokens"),
        _keepers(event, token, people),
    )


def _token_revoked(event: Event, token: ApiToken, people: People) -> Word:
    return Word(
        f"{event.actor_name or '系统管理员'}停用了接口令牌“{token.name}”（{token.user}），"
        "用它的程序不能再调用接口。",
        reverse("accounts:tokens" if not token.user.is_service else "accounts:all-tokens"),
        _keepers(event, token, people),
    )


def _keepers(event: Event, token: ApiToken, people: People) -> list[int]:
    """Return whose matter a token is: its person's, for a service account the administrators'."""
    if not token.user.is_service:
        return [token.user_id]
    return people.administrators(event.district_id) if event.district_id else []


def _service_added(event: Event, account: User, people: People) -> Word:
    return Word(
        f"{event.actor_name}建立了服务账号“{account.name}”"
        f"（{event.department}，{Role(event.data['role']).label}），程序凭令牌以它的名义办理。",
        reverse("accounts:department", args=[event.department_id]),
        people.coordinators(event.district_id) if event.district_id else [],
    )


WORDS: dict[tuple[str, str], Callable[..., Word]] = {
    ("tracking.submission", "submit"): _submitted,
    ("tracking.submission", "return"): _returned,
    ("tracking.submission", "accept"): _accepted,
    ("tracking.milestone", "extend"): _extended,
    ("tracking.milestone", "urge"): _urged,
    ("tracking.milestone", "ask_extension"): _asked_for_time,
    ("tracking.milestone", "refuse_extension"): _not_extended,
    ("tracking.milestone", "redate"): _redated,
    ("tracking.milestone", "decide"): _past_decided,
    ("tracking.milestone", "hand_over"): _handed_over,
    ("tracking.milestone", "add"): _added,
    ("tracking.milestone", "cancel"): _cancelled,
    ("tracking.assignment", "recast"): _of_assignment("的分工由{old_role}改为{role}。"),
    ("tracking.assignment", "reword"): _of_assignment("的任务内容有修改，请看新文本。"),
    ("tracking.assignment", "reopen"): _of_assignment("新增时限，恢复办理。"),
    ("tracking.assignment", "terminate"): _of_assignment("终止办理：{note}。"),
    ("tracking.dispatch", "issue"): _issued,
    ("notifications.outbox", "give_up"): _given_up,
    ("accounts.department", "follow_calendar"): _calendar_followed,
    ("accounts.district", "follow_calendar"): _district_followed,
    ("accounts.user", "issue_code"): _code_issued,
    ("accounts.user", "add_service"): _service_added,
    ("accounts.apitoken", "end_soon"): _token_ends,
    ("accounts.apitoken", "revoke_token"): _token_revoked,
    ("accounts.membership", "name_liaison"): _liaison_named,
}


TO_BE_DONE = {
    ("tracking.submission", "submit"),
    ("tracking.submission", "return"),
    ("tracking.milestone", "ask_extension"),
    ("tracking.milestone", "urge"),
    ("tracking.dispatch", "issue"),
    ("notifications.outbox", "give_up"),
}


@usecase
def read_notices(*, notice_ids: Collection[int] | None, by: User, at: datetime) -> int:
    """Mark the person's own unread notices as read, all of them for None; return how many."""
    notices = Notice.objects.visible_to(by).unread()
    if notice_ids is not None:
        notices = notices.filter(pk__in=notice_ids)
    return notices.update(read_at=at)
