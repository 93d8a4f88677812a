"""The ways to a person."""

from django.conf import settings

from notifications.channels.base import MailChannel
from notifications.channels.mailbox import MailboxChannel
from notifications.channels.smtp import SmtpChannel


def mail_channel() -> MailChannel:
    """Return the mail server of EMAIL_URL, or the local mailbox where there is none."""
    return SmtpChannel() if settings.EMAIL_URL else MailboxChannel()
