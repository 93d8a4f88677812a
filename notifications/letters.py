"""A message as it leaves: subject, text and HTML from a digest, made at the claim."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.links import absolute
from accounts.models import Membership
from notifications.digest import contact_line, make_digest
from notifications.matters import Matters
from notifications.models import Outbox, Reminder
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


def write_letter(message: Outbox, reminders: Iterable[Reminder], *, at: datetime) -> Letter:
    """Write the message from what is reminded of, as it stands now."""
    digest = make_digest(message.recipient, Matters.of(reminders), at=at)
    return Letter(
        address=message.recipient.email,
        subject=_cut(digest.subject),
        text=render_to_string("notifications/mail/digest.txt", asdict(digest)),
        html=render_to_string("notifications/mail/digest.html", asdict(digest)),
        message_id=_message_id(message),
        at=at,
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
        message_id=_message_id(message),
        at=at,
    )


def _cut(subject: str) -> str:
    """Let a subject of long names fit into its column."""
    longer = len(subject) > LONGEST_SUBJECT
    return f"{subject[: LONGEST_SUBJECT - 2]}……" if longer else subject


def _message_id(message: Outbox) -> str:
    """The same message always has the same identity, so a second copy can be told as one."""
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    return f"<{message.pk}.{int(message.created_at.timestamp())}@{host}>"
