"""Asks for a calendar file by its address, as every other guarded request: a subscription (read-only)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from app.calendars.errors import BadAnswer, CalendarTrouble, NotReached
from app.calendars.server.client_transport import refusal
from app.calendars.values import FileAnswer
from app.config import Settings
from app.lib.outbound import (
    AddressRefused,
    Answer,
    CertificateRefused,
    GuardedSession,
    NotReachable,
    OutboundError,
    Policy,
)

_LONGEST_PAUSE = timedelta(minutes=15)
_LONGEST_VALIDATOR = 400
_EDGE = 1000


def file_url(address: str) -> str:
    """The https address of a calendar file: webcal is what calendar programs call the same."""
    scheme, colon, rest = address.strip().partition(":")
    return f"https:{rest}" if colon and scheme.lower() in {"webcal", "webcals"} else address.strip()


def fetch_file(settings: Settings, address: str, *, etag: str = "", modified: str = "") -> FileAnswer:
    """The calendar file at an https (or webcal) address, unless the validators say that it is unchanged.

    A file that is cut off, or no calendar at all, is a broken answer. Raises Moved for a redirect, NotReached
    (with Retry-After where the server tells one), CredentialsRefused, Gone, NoRight or BadAnswer.
    """
    url = file_url(address)
    policy = Policy(allowed_origins=settings.caldav_allowed_origins, ca_file=settings.caldav_ca_file)
    headers = {"Accept": "text/calendar, text/plain;q=0.5"}
    # RFC 9110, 13.1: a server uses the ETag alone when it gets both.
    headers |= {"If-None-Match": etag} if etag else {}
    headers |= {"If-Modified-Since": modified} if modified else {}
    answer = _get(url, policy, headers)
    if answer.status_code == 304 and (etag or modified):
        return FileAnswer(etag, modified, None)
    if answer.status_code != 200:
        raise _refusal(answer, url)
    return FileAnswer(
        etag=_validator(answer, "Etag"),
        modified=_validator(answer, "Last-Modified"),
        text=_calendar_text(answer),
    )


def _get(url: str, policy: Policy, headers: dict[str, str]) -> Answer:
    try:
        session = GuardedSession(url, "", "", policy)
        try:
            return session.request("GET", url, b"", headers)
        finally:
            session.close()
    except AddressRefused as error:
        raise NotReached("address_refused") from error
    except CertificateRefused as error:
        raise NotReached("certificate") from error
    except NotReachable as error:
        raise NotReached("not_reached") from error
    except OutboundError as error:
        raise BadAnswer("too_large" if str(error) == "too large" else "unreadable") from error


def _refusal(answer: Answer, url: str) -> CalendarTrouble:
    trouble = refusal(answer.status_code, answer.headers, url)
    if isinstance(trouble, NotReached):
        return NotReached(trouble.reason, retry_after=retry_after(answer.headers))
    return trouble


def retry_after(headers: Mapping[str, str]) -> timedelta | None:
    """The pause that an answer asks for (RFC 9110, 10.2.3), at most 15 minutes; a date by its own clock."""
    told = headers.get("Retry-After", "").strip()
    if told.isascii() and told.isdigit():
        return min(timedelta(seconds=int(told[:9])), _LONGEST_PAUSE)
    until, now = _moment(told), _moment(headers.get("Date", ""))
    if until is None or now is None or until <= now:
        return None
    return min(until - now, _LONGEST_PAUSE)


def _moment(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def _validator(answer: Answer, name: str) -> str:
    told = answer.headers.get(name, "")
    return told if len(told) <= _LONGEST_VALIDATOR and told.isprintable() and told.isascii() else ""


def _calendar_text(answer: Answer) -> str:
    text = answer.text.replace("\0", "").removeprefix("\ufeff")
    # Of the edges alone: every copy of the whole may take four times the 8 MiB that came.
    begins = text[:_EDGE].lstrip().upper().startswith("BEGIN:VCALENDAR")
    # Without the end it may have been cut off by a server that does not tell the length.
    if not begins or not text[-_EDGE:].rstrip().upper().endswith("END:VCALENDAR"):
        raise BadAnswer("not_a_calendar")
    return text
