"""Letters over SMTP (RFC 5321): handed over, surely not handed over, or nobody knows."""

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from xzgis.core.settings import Settings

TAKEN = (250, 251)
GO_AHEAD = 354
LONGEST_REASON = 300
# From here on a code means "never", below it "not now" (RFC 5321 §4.2.1).
FOR_GOOD = 500


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter to one person; ``name`` is its Message-ID, the same at every try."""

    to: str
    subject: str
    text: str
    name: str


class NotHandedOver(Exception):
    """The server surely has not taken the letter; ``for_good`` when another try would end alike."""

    def __init__(self, reason: str, *, for_good: bool) -> None:
        super().__init__(reason)
        self.for_good = for_good


class Unsure(Exception):
    """The line broke after the letter went out and before the answer: it may have been taken."""


def message_of(letter: Letter, *, sender: str, sent_at: str) -> EmailMessage:
    """The letter as it goes over the wire; a heading cannot be smuggled in, the policy refuses line breaks."""
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Date"] = sent_at
    message["Message-ID"] = letter.name
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's holiday answers it
    message.set_content(letter.text, cte="base64")
    return message


def hand_over(letter: Letter, chosen: Settings, *, now: datetime) -> None:
    """Hand ``letter`` to the mail server of the settings.

    Raises
    ------
    NotHandedOver
        The server was not reached, or refused us, the sender, the person or the letter.
    Unsure
        The line broke while it was deciding.
    """
    message = message_of(letter, sender=chosen.smtp_sender, sent_at=format_datetime(now))
    try:
        server = _reached(chosen)
    except (OSError, smtplib.SMTPException) as error:
        raise NotHandedOver(_told(error), for_good=False) from error
    try:
        _deliver(server, message, chosen.smtp_sender, letter.to)
        with suppress(OSError, smtplib.SMTPException):
            server.docmd("quit")
    finally:
        server.close()


def _reached(chosen: Settings) -> smtplib.SMTP:
    """A connection that is ready for a letter: encrypted as the settings say, and signed in."""
    assert chosen.smtp_host is not None
    where = (chosen.smtp_host, chosen.smtp_port)
    if chosen.smtp_security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            *where, timeout=chosen.smtp_timeout_s, context=ssl.create_default_context()
        )
    else:
        server = smtplib.SMTP(*where, timeout=chosen.smtp_timeout_s)
    try:
        if chosen.smtp_security == "starttls":
            server.starttls(context=ssl.create_default_context())
        if chosen.smtp_user is not None and chosen.smtp_password is not None:
            server.login(chosen.smtp_user, chosen.smtp_password.get_secret_value())
    except BaseException:
        server.close()
        raise
    return server


def _deliver(server: smtplib.SMTP, message: EmailMessage, sender: str, to: str) -> None:
    """The envelope, then the letter itself. Only past its last line does nobody know what a broken line means."""
    try:
        server.ehlo_or_helo_if_needed()
        for code, said in (server.mail(sender), server.rcpt(to)):
            if code not in TAKEN:
                raise NotHandedOver(_answer(code, said), for_good=code >= FOR_GOOD)
        code, said = server.docmd("data")
        if code != GO_AHEAD:
            raise NotHandedOver(_answer(code, said), for_good=code >= FOR_GOOD)
    except (OSError, smtplib.SMTPException) as error:
        raise NotHandedOver(_told(error), for_good=False) from error
    try:
        server.send(_stuffed(message.as_bytes()))
        code, said = server.getreply()
    except (OSError, smtplib.SMTPException) as error:
        raise Unsure(_told(error)) from error
    if code not in TAKEN:
        raise NotHandedOver(_answer(code, said), for_good=code >= FOR_GOOD)


def _stuffed(letter: bytes) -> bytes:
    """The letter with its end mark; a line that begins with a dot gets a second one (RFC 5321 §4.5.2)."""
    return b"\r\n".join(b"." + line if line.startswith(b".") else line for line in letter.split(b"\r\n")) + (
        b".\r\n" if letter.endswith(b"\r\n") else b"\r\n.\r\n"
    )


def _answer(code: int, said: bytes) -> str:
    return f"{code} {said.decode('ascii', 'replace')}"[:LONGEST_REASON]


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:LONGEST_REASON]
