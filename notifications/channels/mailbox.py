"""The local mailbox: where mail goes in a demonstration without a mail server."""

import mailbox
from collections.abc import Sequence
from email.message import Message
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from notifications.channels.base import AwayError


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

    def hand_over(self, message: Message) -> None:
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

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
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


def messages_to(address: str) -> dict[str, Message]:
    """Return an address's messages by their keys, newest first."""
    folder = folder_of(address)
    if not address or not folder.exists():
        return {}
    box = mailbox.Maildir(folder, create=False)
    return {key: box[key] for key in sorted(box.keys(), key=_age, reverse=True)}


def _age(key: str) -> tuple[int, str]:
    """A Maildir key begins with the second of its delivery."""
    second, _, rest = key.partition(".")
    return int(second), rest
