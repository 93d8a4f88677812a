"""What a channel has to do; sending decides, a channel only says what the other side said."""

from email.message import EmailMessage
from typing import Protocol


class ChannelError(Exception):
    """The other side did not take the message; the text is its answer."""


class AwayError(ChannelError):
    """Nothing can be sent now, whoever it is for: no connection, no login, sender refused."""


class BrokenError(ChannelError):
    """The line broke before the message: the other side may be ailing, or dislike this one."""


class NotNowError(ChannelError):
    """This message was not taken; a later attempt may succeed."""


class RefusedError(ChannelError):
    """This message will never be taken."""


class LostError(ChannelError):
    """The line broke while the message was handed over: nobody knows whether it was taken."""


class MailChannel(Protocol):
    """A way to hand messages over one by one, in two steps.

    ``offer`` names sender and recipient and may raise any of these but LostError; after
    ``hand_over`` returns, the message belongs to the other side; it may also raise LostError.
    ``drop`` takes an offer back.
    """

    def offer(self, sender: str, address: str) -> None:
        """Connect if need be and name the recipient."""

    def hand_over(self, message: EmailMessage) -> None:
        """Give the message itself."""

    def drop(self) -> None:
        """Take the offer back."""

    def close(self) -> None:
        """Let the connection go."""
