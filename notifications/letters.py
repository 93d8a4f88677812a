"""A message as it leaves: subject, text and HTML from a digest, made at the claim."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from email.message import Message
from email.utils import format_datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone

from notifications.digest import make_digest
from notifications.models import Outbox


@dataclass(frozen=True, slots=True)
class Letter:
    """What goes to one address."""

    address: str
    subject: str
    text: str
    html: str
    message_id: str
    at: datetime

    def as_mail(self) -> Message:
        """Return the mail; BadHeaderError where a name would break a header."""
        mail = EmailMultiAlternatives(
            self.subject,
            self.text,
            settings.DEFAULT_FROM_EMAIL,
            [self.address],
            headers={
                "Message-ID": self.message_id,
                "Date": format_datetime(timezone.localtime(self.at)),
                "Auto-Submitted": "auto-generated",
                "X-Auto-Response-Suppress": "All",
            },
        )
        mail.attach_alternative(self.html, "text/html")
        return mail.message()


def write_letter(message: Outbox, milestone_ids: Collection[int], *, at: datetime) -> Letter:
    """Write the message from the milestones as they are now."""
    digest = make_digest(message.recipient, milestone_ids, at=at)
    return Letter(
        address=message.recipient.email,
        subject=digest.subject,
        text=render_to_string("notifications/mail/digest.txt", asdict(digest)),
        html=render_to_string("notifications/mail/digest.html", asdict(digest)),
        message_id=_message_id(message),
        at=at,
    )


def _message_id(message: Outbox) -> str:
    """The same message always has the same identity, so a second copy can be told as one."""
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    return f"<{message.pk}.{int(message.created_at.timestamp())}@{host}>"
