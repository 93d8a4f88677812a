"""The local mailbox: where mail goes in a demonstration without a mail server."""

import mailbox
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.header import decode_header, make_header
from email.message import EmailMessage, Message
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend

from notifications.channels.base import AwayError


@dataclass(frozen=True, slots=True)
class LocalMail:
    """A message as the page shows it: its plain text only."""

    key: str
    subject: str
    sender: str
    sent_at: datetime
    message_id: str
    text: str


class MailboxChannel:
    """Puts mail into the Maildir of its recipient."""

    def __init__(self) -> None:
        self.address = ""

    def offer(self, sender: str, address: str) -> None:
        """Make the mailboxes' folder; a full or missing disk means that none can be written."""
        self.address = address
        try:
            folder_of(address).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise AwayError(f"本机邮箱无法写入：{error}") from error

    def hand_over(self, message: EmailMessage) -> None:
        """Put the message there, whole or not at all."""
        try:
            deliver(self.address, message)
        except OSError as error:
            raise AwayError(f"本机邮箱无法写入：{error}") from error

    def drop(self) -> None:
        """Forget the recipient."""
        self.address = ""

    def close(self) -> None:
        """Nothing is held open."""


def folder_of(address: str) -> Path:
    """Return the Maildir of an address; its name holds no character with a meaning to paths."""
    return Path(settings.MAILBOX_ROOT) / address.lower().encode().hex()


class EmailBackend(BaseEmailBackend):
    """Django's mail backend that puts each message into its recipients' Maildirs."""

    def send_messages(self, email_messages: Sequence[mail.EmailMessage]) -> int:
        """Deliver; return how many messages were taken."""
        for message in email_messages:
            for address in message.recipients():
                deliver(address, message.message())
        return len(email_messages)


def deliver(address: str, message: Message) -> None:
    """Add a message to an address's Maildir, whole or not at all (a Maildir renames)."""
    folder = folder_of(address)
    folder.parent.mkdir(parents=True, exist_ok=True)
    mailbox.Maildir(folder, create=True).add(message)


def keys_of(address: str) -> list[str]:
    """Return the keys of an address's messages, newest first."""
    folder = folder_of(address)
    if not address or not folder.exists():
        return []
    return sorted(mailbox.Maildir(folder, create=False).keys(), key=_age, reverse=True)


def read(address: str, keys: Iterable[str]) -> list[LocalMail]:
    """Return the messages of these keys; a message that is gone is left out."""
    folder = folder_of(address)
    if not folder.exists():
        return []
    box = mailbox.Maildir(folder, create=False)
    found = ((key, box.get(key)) for key in keys)
    return [_local_mail(key, message) for key, message in found if message is not None]


def _local_mail(key: str, message: Message) -> LocalMail:
    plain = (part for part in message.walk() if part.get_content_type() == "text/plain")
    part = next(plain, None)
    content = part.get_payload(decode=True) if part else b""
    assert isinstance(content, bytes)
    return LocalMail(
        key=key,
        subject=_header(message, "Subject"),
        sender=_header(message, "From"),
        sent_at=parsedate_to_datetime(str(message["Date"])),
        message_id=str(message["Message-ID"]),
        text=content.decode("utf-8", errors="replace"),
    )


def _header(message: Message, name: str) -> str:
    return str(make_header(decode_header(message.get(name, ""))))


def _age(key: str) -> tuple[int, str]:
    """A Maildir key begins with the second of its delivery."""
    second, _, rest = key.partition(".")
    return int(second), rest
