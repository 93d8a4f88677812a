"""What a robot says: the digest of the day in short, of its own unit only, no word of a report."""

from datetime import datetime

from django.utils import timezone

from accounts.links import absolute
from notifications.channels.robot import address_of
from notifications.choices import Channel, ReminderStatus, RuleKind, Subject
from notifications.digest import make_digest
from notifications.letters import Letter, message_id
from notifications.matters import Matters
from notifications.models import Outbox, Reminder, Robot
from notifications.people import People
from notifications.validity import no_longer_true
from tracking.models import Dispatch, Milestone, Sheet

MODELS = {Subject.MILESTONE: Milestone, Subject.SHEET: Sheet, Subject.DISPATCH: Dispatch}
OWN_DESK = (RuleKind.SIGN_OFF, RuleKind.REVIEW)


def write_for_robot(message: Outbox, robot: Robot, *, at: datetime) -> Letter | None:
    """Write what the unit is reminded of today and still holds; None for nothing."""
    named = _of_the_unit(message, robot)
    reminders = Reminder.objects.filter(pk__in=named)
    untrue = no_longer_true(reminders, people=People.load(), today=timezone.localdate(at))
    held = reminders.exclude(pk__in=untrue).order_by("id")
    matters = held.values_list("subject_kind", "rule__kind", "subject_id")
    if not matters:
        return None
    digest = make_digest(message.recipient, Matters.of(matters), at=at)
    lines = []
    for section in digest.sections:
        lines += [section.heading, *(f"  {item.reference} {item.title}" for item in section.items)]
    if digest.left_out:
        lines.append(f"另有{digest.left_out}项，登录后查看。")
    lines += ["请登录系统填报，确有困难的请说明原因和预计完成日期。", absolute("home")]
    return Letter(
        address=address_of(robot),
        subject=digest.subject,
        text="\n".join(line for line in lines if line),
        html="",
        message_id=message_id(message),
        at=at,
    )


def _of_the_unit(message: Outbox, robot: Robot) -> list[int]:
    """Return the ids of what the person's digest of the day names of the robot's unit; what lies
    on somebody's own desk is not for a group."""
    rows = Reminder.objects.filter(
        outbox__dedupe_key=f"digest:{message.recipient_id}:{Channel.MAIL}:{message.day}",
        status=ReminderStatus.ENQUEUED,
    ).exclude(rule__kind__in=OWN_DESK)
    found = list(rows.only("subject_kind", "subject_id"))
    own: dict[str, set[int]] = {}
    for subject, model in MODELS.items():
        ids = [row.subject_id for row in found if row.subject_kind == subject]
        things = model.objects.filter(pk__in=ids, department=robot.department_id)  # type: ignore[attr-defined]
        own[subject] = set(things.values_list("pk", flat=True))
    return [row.pk for row in found if row.subject_id in own[row.subject_kind]]
