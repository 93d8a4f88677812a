"""The local mailbox: where mail goes in a demonstration without a mail server."""

import mailbox
from collections.abc import Sequence
from email.message import Message
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


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


def messages_to(address: str) -> list[Message]:
    """Return an address's messages, newest first."""
    folder = folder_of(address)
    if not folder.exists():
        return []
    box = mailbox.Maildir(folder, create=False)
    keys = sorted(box.keys(), key=lambda key: (folder / "new" / key).name, reverse=True)
    return [box[key] for key in keys]
