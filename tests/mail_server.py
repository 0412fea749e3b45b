"""A real mail server on this machine, with moods."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class Postbox:
    """What came in. ``mood``: what it answers to the letter itself; ``hang up`` takes it and says nothing."""

    mood: str = "250 taken"
    to_person: str = "250 ok"
    letters: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    port: int = 0

    async def handle_RCPT(  # noqa: N802 - the name the library calls
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del server, session, options
        if self.to_person.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.to_person

    async def handle_DATA(  # noqa: N802 - the name the library calls
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        del session
        content: Any = envelope.content
        if self.mood.startswith("2") or self.mood == "hang up":
            self.raw.append(content)
            self.letters.append(message_from_bytes(content, policy=policy.default))  # type: ignore[arg-type]  # the new policy
        if self.mood == "hang up":
            transport: Any = server.transport
            transport.abort()
            await asyncio.sleep(0)
        return self.mood


@contextmanager
def a_mail_server() -> Iterator[Postbox]:
    """A server that takes letters until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        box = Postbox(port=free.getsockname()[1])
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop(no_assert=True)
