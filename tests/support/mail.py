"""A real SMTP server on loopback that keeps what it is given."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from tests.support.ports import free_port


@dataclass
class Received:
    """One mail as it came: the envelope and the parsed message."""

    sender: str
    recipients: list[str]
    message: EmailMessage


@dataclass
class SmtpSink:
    """The server; ``mails`` grows with each delivery."""

    port: int
    mails: list[Received] = field(default_factory=list)

    @property
    def url(self) -> str:
        """What SMTP_URL would say."""
        return f"smtp://127.0.0.1:{self.port}"

    def to(self, address: str) -> list[EmailMessage]:
        """The messages delivered to an address, in order."""
        return [mail.message for mail in self.mails if address in mail.recipients]

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Called by aiosmtpd, which fixes the name, with each whole mail."""
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.mails.append(Received(envelope.mail_from, list(envelope.rcpt_tos), message))
        return "250 OK"


def mail_text(message: EmailMessage, kind: str = "plain") -> str:
    """What a mail says, as ``plain`` or ``html``."""
    body = message.get_body((kind,))  # type: ignore[arg-type]
    assert body is not None, f"the mail has no {kind} text"
    return str(body.get_content())


@contextmanager
def running_smtp_sink() -> Iterator[SmtpSink]:
    """Listen on a free port while open."""
    sink = SmtpSink(free_port())
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()
