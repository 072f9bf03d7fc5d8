"""Sam, her account on a real server, and events to put into it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from app.accounts.models import User
from app.calendars.models import CalendarAccount
from app.calendars.service import choose, connect
from app.config import Settings

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
WORK, HOURS = "/sam/work/", "/sam/hours/"


def ics(uid: str, start: str = "20261124T090000Z", end: str = "20261124T100000Z", *lines: str) -> str:
    """One event; dates without a T make it an all-day event."""
    kind = "" if "T" in start else ";VALUE=DATE"
    return "\r\n".join(
        (
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//tests//EN",
            "BEGIN:VEVENT",
            f"UID:{uid}",
            "DTSTAMP:20260101T000000Z",
            f"DTSTART{kind}:{start}",
            f"DTEND{kind}:{end}",
            f"SUMMARY:{uid}",
            *lines,
            "END:VEVENT",
            "END:VCALENDAR",
            "",
        )
    )


def add_sam(session: Session) -> User:
    """The specialist Sam."""
    sam = User(
        public_id="sam",
        email="sam@attache.example",
        name="Sam",
        role="specialist",
        time_zone="Europe/Bratislava",
        created_at=NOW,
    )
    session.add(sam)
    session.commit()
    return sam


@dataclass
class Connected:
    """Sam with a chosen account."""

    person_id: int
    account_id: int


def connect_sam(session: Session, settings: Settings, url: str, *, hours: bool = True) -> Connected:
    """Sam's account at that address, with her calendars chosen."""
    sam = add_sam(session)
    account = connect(session, NOW - timedelta(hours=1), settings, sam.id, url, "sam", "sam-secret")
    purposes = {WORK: "busy"} | ({HOURS: "working_hours"} if hours else {})
    choose(session, account, purposes, WORK)
    session.commit()
    return Connected(sam.id, account.id)


def account_row(session: Session, person: Connected) -> CalendarAccount:
    """The account as it stands in the database now."""
    session.expire_all()
    account = session.get(CalendarAccount, person.account_id)
    assert account is not None
    return account
