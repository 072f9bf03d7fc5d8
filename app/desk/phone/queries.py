"""Phone calls as values: whose a number is, and which calls somebody of ours may see."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from app.accounts.errors import NotFound
from app.accounts.models import User
from app.accounts.values import ADMINISTRATOR, SignedIn
from app.config import Settings
from app.customers.entitlement import is_entitled
from app.customers.models import Company, Contact
from app.customers.queries_served import served_by
from app.customers.service import contact_profile
from app.desk.phone.models import PhoneCall, PhoneRecording
from app.desk.phone.numbers import Entry, caller_of
from app.desk.phone.values import Caller, CallState, PhoneCallValue
from app.lib.zones import local

# What stands between the digits of a number that somebody typed.
_BETWEEN = (" ", "-", "/", ".", "(", ")", "\N{NO-BREAK SPACE}")
_TAIL = 6

_answerer = aliased(User, name="answerer")
_CALLS: Select[*tuple[Any, ...]] = (
    select(
        PhoneCall.id,
        PhoneCall.public_id,
        PhoneCall.provider_id,
        PhoneCall.number,
        PhoneCall.contact_id,
        User.name.label("contact_name"),
        User.language.label("contact_language"),
        User.time_zone.label("contact_zone"),
        PhoneCall.company_id,
        Company.name.label("company_name"),
        PhoneCall.came_at,
        PhoneCall.state,
        _answerer.name.label("answered_by"),
        PhoneCall.recording_seconds.label("seconds"),
        PhoneRecording.call_id.is_not(None).label("is_kept"),
        (PhoneCall.fetch_at.is_not(None) & (PhoneCall.recording_url != "")).label("is_coming"),
        PhoneCall.detail,
    )
    .outerjoin(User, User.id == PhoneCall.contact_id)
    .outerjoin(Company, Company.id == PhoneCall.company_id)
    .outerjoin(_answerer, _answerer.id == PhoneCall.answered_by_id)
    .outerjoin(PhoneRecording, PhoneRecording.call_id == PhoneCall.id)
)
_TEXTS = ("contact_name", "contact_language", "contact_zone", "company_name", "answered_by")


def caller(session: Session, now: datetime, settings: Settings, number: str) -> Caller:
    """Whose number it is, if their company has the option today."""
    entries = _entries(session, number) if number else []
    found = caller_of(number, entries)
    if found.company_id is None:
        return found
    some = next(entry.contact_id for entry in entries if entry.company_id == found.company_id)
    today = local(now, settings.service_time_zone).date()
    return found if is_entitled(contact_profile(session, some).option, today) else Caller()


def _entries(session: Session, number: str) -> list[Entry]:
    """The numbers of contacts that may be this one: those that end alike."""
    digits: Any = Contact.phone
    for character in _BETWEEN:
        digits = func.replace(digits, character, "")
    wanted = (
        select(Contact.user_id, Contact.company_id, Contact.phone, User.time_zone)
        .join(User, User.id == Contact.user_id)
        .where(User.is_active, digits.like(f"%{number[-_TAIL:]}"))
    )
    return [Entry(*row) for row in session.execute(wanted)]


def visible_to(session: Session, now: datetime, settings: Settings, user: SignedIn) -> ColumnElement[bool]:
    """The calls that somebody of ours may see, as a condition: of unknown callers, and of their companies."""
    if user.role == ADMINISTRATOR:
        return true()
    today = local(now, settings.service_time_zone).date()
    return or_(PhoneCall.company_id.is_(None), served_by(session, user.id, today, PhoneCall.company_id))


def find(
    session: Session, now: datetime, settings: Settings, user: SignedIn, public_id: str
) -> PhoneCallValue:
    """The call with this public id; raises NotFound when there is none, or it is not theirs to see."""
    if public_id.isprintable():
        seen = visible_to(session, now, settings, user)
        for value in _calls(session, _CALLS.where(PhoneCall.public_id == public_id, seen)):
            return value
    raise NotFound(f"no phone call {public_id!r}")


def latest(
    session: Session, now: datetime, settings: Settings, user: SignedIn, before: int | None, most: int
) -> list[PhoneCallValue]:
    """The calls that somebody may see, the last first; ``before`` the one with this id."""
    wanted = _CALLS.where(visible_to(session, now, settings, user))
    if before is not None:
        wanted = wanted.where(PhoneCall.id < before)
    return _calls(session, wanted.order_by(PhoneCall.id.desc()).limit(most))


def call(session: Session, call_id: int) -> PhoneCallValue:
    """The call with this id."""
    session.flush()
    (value,) = _calls(session, _CALLS.where(PhoneCall.id == call_id))
    return value


def due(session: Session, now: datetime, most: int) -> list[PhoneCallValue]:
    """The calls that the worker is to look at now."""
    return _calls(session, _CALLS.where(PhoneCall.fetch_at <= now).order_by(PhoneCall.fetch_at).limit(most))


def recording_of(
    session: Session, now: datetime, settings: Settings, user: SignedIn, public_id: str
) -> PhoneRecording:
    """What an unknown caller said; raises NotFound."""
    found = session.get(PhoneRecording, find(session, now, settings, user, public_id).id)
    if found is None:
        raise NotFound(f"no recording of call {public_id!r}")
    return found


def _calls(session: Session, wanted: Select[*tuple[Any, ...]]) -> list[PhoneCallValue]:
    return [_value(row) for row in session.execute(wanted)]


def _value(row: Row[*tuple[Any, ...]]) -> PhoneCallValue:
    values: dict[str, Any] = dict(row._mapping)
    values |= {name: values[name] or "" for name in _TEXTS}
    values |= {"state": CallState(row.state), "is_kept": bool(row.is_kept), "is_coming": bool(row.is_coming)}
    return PhoneCallValue(**values)
