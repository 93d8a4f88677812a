"""A mail server on a real socket that answers as a test tells it to."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class Sink:
    """What arrived, and the answers to give to an address or to the message itself."""

    arrived: list[Envelope] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    sender: str = "250 OK"
    message: str = "250 OK"
    connections: set[Any] = field(default_factory=set)
    asked: threading.Event = field(default_factory=threading.Event)
    is_hanging: bool = False

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.connections.add(session.peer)
        if self.sender.startswith("250"):
            envelope.mail_from = address
        return self.sender

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.asked.set()
        while self.is_hanging:
            await asyncio.sleep(0.05)
        answer = self.answers.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.message == "hang up":
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        if self.message.startswith("250"):
            self.arrived.append(envelope)
        return self.message


@contextmanager
def listening(sink: Sink) -> Iterator[int]:
    """Run the sink on a free port of this machine."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()
