"""A mail server that breaks where a test wants it to."""

from contextlib import suppress
from email.message import EmailMessage

from notifications.channels.mailbox import LocalMail, MailboxChannel, keys_of, read
from notifications.usecases import send_outbox
from tests.conftest import TODAY
from tests.notifications.conftest import moment


class WorkerKilledError(BaseException):
    """Nothing may catch this: the worker is gone."""


class BreakingChannel(MailboxChannel):
    """Breaks with the error at one step, before or after the step is taken."""

    def __init__(self, step: str, error: BaseException) -> None:
        super().__init__()
        self.step = step
        self.error = error

    def offer(self, sender: str, address: str) -> None:
        super().offer(sender, address)
        self._break("offer")

    def hand_over(self, message: EmailMessage) -> None:
        self._break("before_data")
        super().hand_over(message)
        self._break("after_data")

    def _break(self, step: str) -> None:
        if step == self.step:
            raise self.error


def messages_to(address: str) -> list[LocalMail]:
    return read(address, keys_of(address))


def send_by(channel: MailboxChannel, hour: int = 9) -> int:
    return send_outbox(channel=channel, at=moment(TODAY, hour))


def break_at(step: str, error: BaseException) -> None:
    with suppress(WorkerKilledError):
        send_by(BreakingChannel(step, error))
