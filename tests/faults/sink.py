"""A mail server that keeps a log and misbehaves as told; and two that only misbehave."""

import asyncio
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.notifications.sink import Sink


@dataclass(frozen=True)
class Arrival:
    """A mail that was taken."""

    at: float
    address: str
    message_id: str
    text: str


@dataclass
class Log(Sink):
    """Takes mail after ``pause`` seconds; ``asks`` are the moments at which a person was named."""

    arrivals: list[Arrival] = field(default_factory=list)
    asks: dict[str, list[float]] = field(default_factory=dict)
    everybody: str = ""
    pause: float = 0.005

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.asks.setdefault(address, []).append(time.time())
        if self.everybody:
            return self.everybody
        return await super().handle_RCPT(server, session, envelope, address, options)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.message.startswith("250"):
            mail = message_from_bytes(envelope.original_content or b"", policy=policy.default)
            body = mail.get_body(("plain",))
            text = body.get_content() if body else ""
            self.arrivals.append(
                Arrival(time.time(), envelope.rcpt_tos[0], str(mail["Message-ID"]), text)
            )
        await asyncio.sleep(self.pause)
        return self.message


@contextmanager
def listening_on(port: int, sink: Sink) -> Iterator[None]:
    """Run a sink on this port."""
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield
    finally:
        controller.stop()


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int, handler: type[socketserver.BaseRequestHandler]) -> None:
        super().__init__(("127.0.0.1", port), handler)
        self.lines: list[bytes] = []


class _Blackhole(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.server.lines.append(b"connected")  # type: ignore[attr-defined]
        time.sleep(5)


class _BrokenTls(socketserver.StreamRequestHandler):
    """Offers STARTTLS and answers the handshake with nonsense."""

    def handle(self) -> None:
        self.wfile.write(b"220 sink ESMTP\r\n")
        for line in self.rfile:
            self.server.lines.append(line)  # type: ignore[attr-defined]
            if line.upper().startswith(b"EHLO"):
                self.wfile.write(b"250-sink\r\n250 STARTTLS\r\n")
            elif line.upper().startswith(b"STARTTLS"):
                self.wfile.write(b"220 go ahead\r\nthis is not a handshake\r\n")
            else:
                self.wfile.write(b"250 OK\r\n")


@contextmanager
def serving(port: int, handler: type[socketserver.BaseRequestHandler]) -> Iterator[list[bytes]]:
    """Run a misbehaving server on this port; yield what it hears."""
    server = _Server(port, handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.lines
    finally:
        server.shutdown()
        server.server_close()


blackhole, broken_tls = _Blackhole, _BrokenTls
