"""办理记录: events told in the words of the people who read them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Q, TextChoices

from accounts.choices import EventResult
from accounts.models import Event, Membership, User
from accounts.querysets import IN_HOUSE
from accounts.scope import scope_of
from plans.choices import ResponsibilityRole
from tracking.choices import Decision, PastChoice
from tracking.models import Assignment, Milestone, Submission
from tracking.selectors.words import return_word

SENTENCES = {
    ("tracking.dispatch", "issue"): "交办",
    ("tracking.dispatch", "acknowledge"): "签收交办单",
    ("tracking.submission", "save"): "保存{what}草稿",
    ("tracking.submission", "send_for_sign_off"): "{what}送审签",
    ("tracking.submission", "take_back"): "收回{what}修改",
    ("tracking.submission", "submit"): "报送{what}",
    ("tracking.submission", "accept"): "{what}审核通过，{decision}",
    ("tracking.submission", "return"): "{what}{return_word}，补正期限{redo_by}",
    ("tracking.milestone", "finish"): "时间节点{mark}办结",
    ("tracking.milestone", "contribute"): "{unit}填写配合情况",
    ("tracking.milestone", "ask_extension"): "申请将时间节点{mark}延期至{new_due_on}",
    ("tracking.milestone", "refuse_extension"): "时间节点{mark}的延期申请未获同意",
    ("tracking.milestone", "withdraw_extension"): "撤回时间节点{mark}的延期申请",
    ("tracking.milestone", "extend"): "时间节点{mark}延期至{new_due_on}",
    ("tracking.milestone", "drop"): "时间节点{mark}与承接单位的重复，已取消",
    ("tracking.milestone", "decide"): "时间节点{mark}交办时已过时限，{past}",
    ("tracking.milestone", "redate"): "时间节点{mark}完成时限由{old_due_on}改为{new_due_on}",
    ("tracking.milestone", "hand_over"): "时间节点{mark}由{old_unit}移交{unit}填报",
    ("tracking.milestone", "add"): "新增时间节点{mark}，完成时限{due_on}",
    ("tracking.milestone", "cancel"): "时间节点{mark}取消",
    ("tracking.assignment", "finish"): "交办事项办结",
    ("tracking.assignment", "reopen"): "新增时限，恢复办理",
    ("tracking.assignment", "recast"): "分工由{old_role}改为{role}",
    ("tracking.assignment", "reword"): "任务内容随新文本修改",
    ("tracking.assignment", "take_over"): "机构改革承接",
    ("tracking.assignment", "merge"): "机构改革并入{unit}",
    ("tracking.assignment", "recur"): "按周期要求排出时间节点：{periods}",
    ("tracking.assignment", "stand"): "转为长期坚持，每年在集中填报表中反馈",
    ("tracking.assignment", "close"): "销号",
    ("tracking.assignment", "take_up"): "恢复办理",
    ("tracking.assignment", "suspend"): "暂缓办理{consent}",
    ("tracking.assignment", "resume"): "恢复办理{consent}",
    ("tracking.assignment", "terminate"): "终止办理{consent}",
    ("tracking.assignment", "add_department"): "增加承办单位{unit}{consent}",
    ("tracking.assignment", "change_lead"): "牵头单位由{old_unit}变更为{unit}{consent}",
    ("tracking.assignment", "receive"): "由{unit}接办{consent}",
    ("tracking.assignment", "ask_hand_back"): "申请退办",
    ("tracking.assignment", "refuse_hand_back"): "退办申请未获同意",
    ("tracking.assignment", "withdraw_hand_back"): "撤回退办申请",
    ("tracking.assignment", "instruct"): "{leader}{given_on}批示",
    ("tracking.assignment", "answer_instruction"): "{unit}回复{leader}批示办理情况",
    ("tracking.milestone", "urge"): "书面催办{unit}",
    (
        "tracking.milestone",
        "record_paper",
    ): "{issued_on}发出{paper}（编号{number}），反馈期限{answer_by}",
    ("tracking.milestone", "call"): "已电话催办{unit}{person}",
    ("tracking.sheet", "call"): "就集中填报表电话催办{unit}{person}",
}
TONES = {"submit": "going", "accept": "done", "finish": "done", "return": "back", "extend": "back"}
TONES |= {"redate": "back", "terminate": "back", "cancel": "back"}
DAYS = ("issued_on", "answer_by", "redo_by", "due_on", "old_due_on", "new_due_on")


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One thing that happened, as the timeline shows it; ``about`` and ``url`` where the timeline
    is of more than one thing."""

    at: datetime
    who: str
    what: str
    note: str
    tone: str
    about: str = ""
    url: str = ""


def timeline_of(assignment: Assignment, *, user: User) -> list[TimelineEntry]:
    """Tell what happened to the assignment and inside it, newest first.

    What a unit does before it reports is told to its own people only; of saves in a row, the last.
    Units that report through it read the steps, not what was said about the report.
    """
    scope = scope_of(user)
    is_own = assignment.department_id in scope.departments
    reads_notes = scope.sees(assignment.department)
    chain = _with_those_before(assignment)
    told = Event.objects.filter(
        object_kind="tracking.dispatch", object_id__in=[row.dispatch_id for row in chain]
    )
    for row in chain:
        told |= Event.objects.about(row)
    told = told.filter(result=EventResult.DONE).filter(known_steps()).newest_first()
    if not is_own:
        told = told.exclude(action__in=IN_HOUSE)
    entries = tell(told, asked=return_word(assignment.department))
    return [entry if reads_notes else replace(entry, note="") for _, entry in entries]


def tell(told: Iterable[Event], *, asked: str) -> list[tuple[Event, TimelineEntry]]:
    """Put events of the work, newest first, into words: three queries.

    ``asked`` is the word for a return. Of saves in a row the last is told.
    """
    events = _without_repeated_saves(told)
    milestones = Milestone.objects.in_bulk(_ids(events, "tracking.milestone"))
    reports = Submission.objects.select_related("milestone")
    submissions = reports.in_bulk(_ids(events, "tracking.submission"))
    offices = _offices(event.actor_id for event in events)
    return [
        (
            event,
            TimelineEntry(
                at=event.at,
                who=" ".join(
                    filter(None, [offices.get(event.actor_id or 0, ""), event.actor_name])
                ),
                what=_sentence(event, milestones, submissions, asked),
                note=event.note,
                tone=TONES.get(event.action, ""),
            ),
        )
        for event in events
    ]


def _with_those_before(assignment: Assignment) -> list[Assignment]:
    """Return the assignment and those that it goes on with, one query a reorganisation."""
    chain, found = [assignment], [assignment]
    while found:
        found = list(Assignment.objects.filter(continued_by__in=found))
        chain += found
    return chain


def known_steps() -> Q:
    """Ask for events of the work that there are words for."""
    known = Q()
    for kind, action in SENTENCES:
        known |= Q(object_kind=kind, action=action)
    return known


def _without_repeated_saves(newest_first: Iterable[Event]) -> list[Event]:
    kept: list[Event] = []
    for event in newest_first:
        newer = kept[-1] if kept else None
        if (
            newer is None
            or event.action != "save"
            or (newer.action, newer.object_id) != ("save", event.object_id)
        ):
            kept.append(event)
    return kept


def _ids(events: Iterable[Event], kind: str) -> set[int]:
    return {event.object_id for event in events if event.object_kind == kind}


def _offices(actors: Iterable[int | None]) -> dict[int, str]:
    memberships = Membership.objects.filter(user__in={pk for pk in actors if pk}).order_by("-id")
    return dict(memberships.values_list("user_id", "department__name"))


def _sentence(
    event: Event,
    milestones: dict[int, Milestone],
    submissions: dict[int, Submission],
    asked: str,
) -> str:
    submission = submissions.get(event.object_id)
    milestone = milestones.get(event.object_id)
    what = ""
    if event.object_kind == "tracking.submission" and submission is not None:
        what = f"{submission.milestone.which}第{submission.number}次反馈"
        if event.action == "submit":
            what += f"（{submission.get_work_status_display()}）"
    return SENTENCES[event.object_kind, event.action].format(
        what=what,
        return_word=asked,
        mark=milestone.which if milestone and event.object_kind == "tracking.milestone" else "",
        decision=_label(Decision, event.data.get("decision", "")),
        old_role=_label(ResponsibilityRole, event.data.get("old_role", "")),
        role=_label(ResponsibilityRole, event.data.get("role", "")),
        old_unit=event.data.get("old_unit", ""),
        unit=event.data.get("unit", ""),
        periods=event.data.get("periods", ""),
        leader=event.data.get("leader", ""),
        given_on=chinese_day(event.data.get("given_on", "")),
        paper=event.data.get("paper", ""),
        number=event.data.get("number", ""),
        person=event.data.get("person", ""),
        consent=_consent(event.data),
        past=past_words(event.data) if event.action == "decide" else "",
        **{day: chinese_day(event.data.get(day, "")) for day in DAYS},
    )


def _consent(data: Mapping[str, str]) -> str:
    if "approved_by" not in data:
        return ""
    return f"（{data['approved_by']}{chinese_day(data['approved_on'])}批准）"


def past_words(data: Mapping[str, str]) -> str:
    """Tell what was decided about a day that had passed before the work was handed out."""
    day = chinese_day(data["due_on"])
    match PastChoice(data["choice"]):
        case PastChoice.MAKE_UP:
            return f"请于{chinese_day(data['report_by'])}前补报完成情况"
        case PastChoice.NEW_DAY:
            return f"另定时限为{day}"
        case PastChoice.SLIP:
            return f"属笔误，完成时限应为{day}"


def _label(choices: type[TextChoices], value: str) -> str:
    return str(choices(value).label) if value in choices.values else ""


def chinese_day(iso: str) -> str:
    """Write an ISO date as 2017年6月30日."""
    if not iso:
        return ""
    day = date.fromisoformat(iso)
    return f"{day.year}年{day.month}月{day.day}日"
