"""A message as it leaves: subject, text and HTML from a digest, made at the claim."""

from dataclasses import asdict, dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.choices import Role
from accounts.links import absolute
from accounts.models import Membership
from notifications.digest import Morning, contact_line
from notifications.models import Outbox
from notifications.wording import on
from tracking.models import Milestone
from tracking.selectors.handover import handover_of

LONGEST_SUBJECT = 200


@dataclass(frozen=True, slots=True)
class Letter:
    """What goes to one address."""

    address: str
    subject: str
    text: str
    html: str
    message_id: str
    at: datetime

    def as_mail(self) -> EmailMessage:
        """Return the mail, in seven bits for old relays; ValueError where a name breaks a line."""
        mail = EmailMessage(policy=SMTP)
        mail["Subject"] = self.subject
        mail["From"] = settings.DEFAULT_FROM_EMAIL
        mail["To"] = self.address
        mail["Date"] = timezone.localtime(self.at)
        mail["Message-ID"] = self.message_id
        mail["Auto-Submitted"] = "auto-generated"
        mail["X-Auto-Response-Suppress"] = "All"
        mail.set_content(self.text, cte="base64")
        mail.add_alternative(self.html, subtype="html", cte="base64")
        return mail


def write_letter(message: Outbox, morning: Morning) -> Letter:
    """Write the message, which is one of the morning's, from what it is reminded of."""
    digest = morning.digest_of(message.pk)
    shown = asdict(digest)
    return Letter(
        address=message.recipient.email,
        subject=_cut(digest.subject),
        text=render_to_string("notifications/mail/digest.txt", shown),
        html=render_to_string("notifications/mail/digest.html", shown),
        message_id=message_id(message),
        at=morning.at,
    )


def write_handover(message: Outbox, seat: Membership, *, at: datetime) -> Letter:
    """Write 移交清单 for the liaison who begins, as the unit's work stands now."""
    unit, today = seat.department, timezone.localdate(at)
    handover = handover_of(unit, today=today)
    shown = {
        "subject": f"【任务督办】{unit.name}联络员移交清单：未办结{len(handover.rows)}项"
        f"（{today:%-m月%-d日}）",
        "person": seat.user,
        "unit": unit,
        "handover": handover,
        "today": today,
        "home_url": absolute("home"),
        "code_url": absolute("accounts:use-code"),
        "sheet_url": absolute("tracking:handover", unit.pk),
        "rows": [(row, absolute("tracking:milestone", row.milestone.pk)) for row in handover.rows],
        "contact": contact_line(unit),
        "is_demo": settings.DEMO,
        "district": unit.district.name,
    }
    return Letter(
        address=message.recipient.email,
        subject=_cut(str(shown["subject"])),
        text=render_to_string("notifications/mail/handover.txt", shown),
        html=render_to_string("notifications/mail/handover.html", shown),
        message_id=message_id(message),
        at=at,
    )


def write_urge(message: Outbox, milestone: Milestone, *, at: datetime) -> Letter:
    """Write 催办 about a milestone, as it stands now."""
    assert message.urge is not None
    today, urge = timezone.localdate(at), message.urge
    unit = milestone.department
    seats = Membership.objects.active().select_related("department").order_by("id")
    office = seats.filter(user=urge.by).of_role(Role.SUPERVISOR, Role.COORDINATOR).first()
    own = seats.filter(user=message.recipient, department=unit).first()
    late = milestone.days_overdue(today)
    state = f"，已逾期{late}天。" if late else f"，请于{on(milestone.report_by, today)}前报送。"
    shown = {
        "subject": f"【任务督办】催办：{unit.name}{milestone.reference}（{today:%-m月%-d日}）",
        "person": message.recipient,
        "office": f"{office.department.name}{urge.by.name}" if office else urge.by.name,
        "milestone": milestone,
        "when": f"完成时限{milestone.due_on:%Y年%-m月%-d日}{state}",
        "note": urge.note,
        "url": absolute("tracking:milestone", milestone.pk),
        "role": own.get_role_display() if own else "联络员",
        "contact": contact_line(unit),
        "is_demo": settings.DEMO,
        "district": unit.district.name,
    }
    return Letter(
        address=message.recipient.email,
        subject=_cut(str(shown["subject"])),
        text=render_to_string("notifications/mail/urge.txt", shown),
        html=render_to_string("notifications/mail/urge.html", shown),
        message_id=message_id(message),
        at=at,
    )


def _cut(subject: str) -> str:
    """Let a subject of long names fit into its column."""
    longer = len(subject) > LONGEST_SUBJECT
    return f"{subject[: LONGEST_SUBJECT - 2]}……" if longer else subject


def message_id(message: Outbox) -> str:
    """The same message always has the same identity, so a second copy can be told as one."""
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    return f"<{message.pk}.{int(message.created_at.timestamp())}@{host}>"
