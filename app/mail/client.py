"""Handing a finished mail over: to an SMTP server, or into a folder while there is none."""

import hashlib
import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import unquote, urlsplit

from app.config import Settings
from app.lib import clock
from app.lib.crashpoints import reached
from app.mail.errors import NotSent, Refused

# For each answer of the server; a mail is retried, so that waiting longer helps nobody.
_TIMEOUT_SECONDS = 10
_DEFAULT_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


def send(settings: Settings, content: bytes, sender: str, recipient: str) -> None:
    """Hand over one mail to one recipient.

    Without SMTP_URL it becomes a file under DATA_DIR/mail, the same mail never twice. Raises NotSent when
    trying again is right, Refused when the server will never take it for this recipient (5xx, RFC 5321,
    4.2.1).
    """
    if not settings.smtp_url:
        _store(settings, content)
        return
    try:
        link = _connect(settings.smtp_url, sender.rpartition("@")[2])
        try:
            _deliver(link, content, sender, recipient)
        finally:
            with suppress(smtplib.SMTPException, OSError):
                link.quit()
            link.close()
    except smtplib.SMTPException as error:
        raise NotSent(_words(error)) from error
    except OSError as error:
        raise NotSent(f"mail server: {type(error).__name__}") from error


def _connect(url: str, own_name: str) -> smtplib.SMTP:
    parts = urlsplit(url)
    host, port = parts.hostname or "localhost", parts.port or _DEFAULT_PORTS[parts.scheme]
    context = ssl.create_default_context()
    link: smtplib.SMTP
    if parts.scheme == "smtps":
        link = smtplib.SMTP_SSL(host, port, own_name, timeout=_TIMEOUT_SECONDS, context=context)
    else:
        link = smtplib.SMTP(host, port, own_name, timeout=_TIMEOUT_SECONDS)
    try:
        if parts.scheme == "smtp+starttls":
            link.starttls(context=context)
        if parts.username:
            link.login(unquote(parts.username), unquote(parts.password or ""))
    except BaseException:
        link.close()
        raise
    return link


def _deliver(link: smtplib.SMTP, content: bytes, sender: str, recipient: str) -> None:
    # By hand instead of sendmail(), which hides in which step the server said no.
    link.ehlo_or_helo_if_needed()
    _require(link.mail, sender)
    _require(link.rcpt, recipient, may_refuse=True)
    try:
        code, answer = link.data(content)
    except smtplib.SMTPDataError as error:
        raise _trouble(error.smtp_code, error.smtp_error, may_refuse=True) from error
    if code != 250:
        raise _trouble(code, answer, may_refuse=True)
    reached("mail_accepted")


def _require(step: Callable[[str], tuple[int, bytes]], address: str, *, may_refuse: bool = False) -> None:
    try:
        code, answer = step(address)
    except UnicodeEncodeError:
        raise Refused("an address outside of ASCII cannot be written to") from None
    if code not in {250, 251}:
        raise _trouble(code, answer, may_refuse=may_refuse)


def _trouble(code: int, answer: bytes | str, *, may_refuse: bool) -> NotSent | Refused:
    text = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    words = f"{code} {' '.join(text.split())}"[:200]
    return Refused(words) if may_refuse and code >= 500 else NotSent(words)


def _words(error: smtplib.SMTPException) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return str(_trouble(error.smtp_code, error.smtp_error, may_refuse=False))
    return f"mail server: {type(error).__name__}"


def _store(settings: Settings, content: bytes) -> None:
    folder = settings.mail_dir
    name = hashlib.sha256(content).hexdigest()[:16]
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(folder.glob(f"*-{name}.eml")):
            return
        scratch = folder / f".{name}.new"
        scratch.write_bytes(content)
        scratch.replace(folder / f"{clock.now():%Y%m%dT%H%M%S.%fZ}-{name}.eml")
    except OSError as error:
        raise NotSent(f"mail folder: {type(error).__name__}") from error
    reached("mail_accepted")
