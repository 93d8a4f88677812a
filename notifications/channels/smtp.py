"""Mail over SMTP by Django's own connection, with MAIL, RCPT and DATA as steps of their own."""

import smtplib
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr

from django.core.mail.backends.smtp import EmailBackend

from notifications.channels.base import (
    AwayError,
    BrokenError,
    LostError,
    NotNowError,
    RefusedError,
)

MAILS_PER_CONNECTION = 50
DATA_EXPECTED = 250
CLOSING = 421


class SmtpChannel:
    """One recipient per transaction, at most fifty mails per connection."""

    def __init__(self) -> None:
        self.backend = EmailBackend()
        self.mails = 0

    def offer(self, sender: str, address: str) -> None:
        """Connect if need be, and name sender and recipient. A kept connection that the server
        has closed meanwhile is made anew, once."""
        if self.mails >= MAILS_PER_CONNECTION:
            self.close()
        is_kept = self.mails > 0
        try:
            code, answer = self._name(sender, address)
        except BrokenError:
            if not is_kept:
                raise
            code, answer = self._name(sender, address)
        if code >= 400:
            self.drop()
            raise (RefusedError if code >= 500 else NotNowError)(_line(code, answer))

    def _name(self, sender: str, address: str) -> tuple[int, bytes]:
        """Give the answer to MAIL and RCPT; BrokenError where the line does not carry them."""
        smtp = self._connection()
        self.mails += 1
        try:
            code, answer = smtp.mail(parseaddr(sender)[1])
            if code >= 500:
                self.drop()
                raise AwayError(f"服务器不接受发件人：{_line(code, answer)}")
            if code < 400:
                code, answer = smtp.rcpt(address)
        except UnicodeError as error:
            self.close()
            raise RefusedError("邮箱地址含有服务器不支持的字符") from error
        except OSError as error:
            self.close()
            raise BrokenError(f"连接中断：{error}") from error
        if code == CLOSING:
            self.close()
            raise BrokenError(f"服务器关闭了连接：{_line(code, answer)}")
        return code, answer

    def hand_over(self, message: EmailMessage) -> None:
        """Give the message itself; the line may break when nobody knows who has it."""
        smtp = self._connection()
        answer: bytes | str
        try:
            code, answer = smtp.data(message.as_bytes(policy=SMTP))
        except smtplib.SMTPDataError as error:
            code, answer = error.smtp_code, error.smtp_error
        except OSError as error:
            self.close()
            raise LostError(f"交付时连接中断：{error}") from error
        if code != DATA_EXPECTED:
            self.drop()
            raise (RefusedError if code >= 500 else NotNowError)(_line(code, answer))

    def drop(self) -> None:
        """Reset the transaction; a server that does not answer loses the connection."""
        if self.backend.connection is None:
            return
        try:
            self.backend.connection.rset()
        except OSError:
            self.close()

    def close(self) -> None:
        """Quit."""
        try:
            self.backend.close()
        except OSError:
            self.backend.connection = None
        self.mails = 0

    def _connection(self) -> smtplib.SMTP:
        try:
            self.backend.open()
            connection = self.backend.connection
            assert connection is not None
            connection.ehlo_or_helo_if_needed()
        except (OSError, ValueError) as error:
            self.close()
            raise AwayError(f"连接不上邮件服务器：{error}") from error
        return connection


def _line(code: int, answer: bytes | str) -> str:
    text = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    return f"{code} {' '.join(text.split())}"
