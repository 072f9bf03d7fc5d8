"""Hand-overs, the calls that pass with them, and the mails that tell of them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.accounts.errors import NotFound
from app.accounts.models import AuditEntry, User
from app.accounts.values import ADMINISTRATOR, AuditFact, SignedIn
from app.booking import queries
from app.booking.handover.models import HandOverCall
from app.booking.handover.values import CallState, HandOverValue, PassingCall, Telling
from app.booking.lifecycle import ACTIVE, STANDING
from app.booking.models import Booking
from app.booking.values import CallValue
from app.customers.models import Company, Contact, HandOver, Specialist
from app.customers.profiles import SpecialistProfile
from app.mail.models import OutgoingMail
from app.mail.service import RETURNED

# More calls of one company than can lie ahead.
_MOST = 10_000
_PAST = 20
_LISTED = 100
_USER = ("public_id", "name", "email", "language", "time_zone")
_FACTS = ("titles", "country", "phone", "spoken_languages", "room_url")
_leaving, _leaving_facts = aliased(User), aliased(Specialist)
_coming, _coming_facts = aliased(User), aliased(Specialist)


def find(session: Session, public_id: str) -> HandOverValue:
    """The hand-over with this public id; raises NotFound."""
    found = hand_overs(session, HandOver.public_id == public_id) if public_id.isprintable() else []
    if not found:
        raise NotFound(f"no hand-over {public_id!r}")
    return found[0]


def hand_overs(session: Session, *conditions: ColumnElement[bool]) -> list[HandOverValue]:
    """Those that meet the conditions, the next day first."""
    rows = session.execute(_hand_overs().where(*conditions).order_by(HandOver.starts_on, HandOver.id))
    return [_value(row) for row in rows]


def open_of_company(session: Session, company_id: int) -> HandOverValue | None:
    """The one hand-over of a company that is under way, if there is one."""
    found = hand_overs(session, HandOver.company_id == company_id, is_open())
    return found[0] if found else None


def open_for(session: Session, user_id: int) -> list[HandOverValue]:
    """Those under way in which this person gives or takes."""
    mine = or_(HandOver.from_id == user_id, HandOver.to_id == user_id)
    return hand_overs(session, mine, is_open())


def ids_of_company(company_id: int) -> Select[str]:
    """A query of the public ids of a company's hand-overs, to be asked within another."""
    return select(HandOver.public_id).where(HandOver.company_id == company_id)


def is_open() -> ColumnElement[bool]:
    """Under way: neither done nor ended."""
    return and_(HandOver.called_off_at.is_(None), HandOver.moved_at.is_(None))


def row_of(session: Session, hand_over_id: int) -> HandOver:
    """The row, locked, as it is now."""
    return session.get_one(HandOver, hand_over_id, populate_existing=True, with_for_update=True)


def calls_from_the_day(
    session: Session, hand_over: HandOverValue, zone: str, now: datetime
) -> list[CallValue]:
    """The company's coming calls from the day of the hand-over on, whoever has them."""
    since = max(hand_over.begins_at(zone), now)
    return queries.calls(
        session,
        Booking.company_id == hand_over.company_id,
        Booking.status.in_(ACTIVE),
        or_(Booking.starts_at >= since, Booking.move_starts_at >= since),
        limit=_MOST,
    )


def coming_calls(session: Session, hand_over: HandOverValue, now: datetime) -> list[CallValue]:
    """All calls of the company that lie ahead."""
    ahead = (Booking.status.in_(ACTIVE), Booking.ends_at > now)
    return queries.calls(session, Booking.company_id == hand_over.company_id, *ahead, limit=_LISTED)


def past_calls(session: Session, hand_over: HandOverValue, now: datetime) -> list[CallValue]:
    """The company's last calls that were to take place, the latest first."""
    over = (Booking.status.in_(STANDING), Booking.ends_at <= now)
    mine = Booking.company_id == hand_over.company_id
    return queries.calls(session, mine, *over, order=Booking.starts_at.desc(), limit=_PAST)


def notes(session: Session, booking_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """What specialists wrote about calls: for the customer, and for themselves."""
    wanted = select(Booking.id, Booking.note, Booking.private_note).where(Booking.id.in_(booking_ids))
    return {number: (note, private) for number, note, private in session.execute(wanted)}


def facts(session: Session, public_ids: Collection[str]) -> dict[str, list[AuditFact]]:
    """What happened to each of these calls, oldest first."""
    rows = session.execute(
        select(
            AuditEntry.object_id,
            AuditEntry.at,
            func.coalesce(User.name, AuditEntry.actor),
            AuditEntry.verb,
            AuditEntry.detail,
        )
        .outerjoin(User, User.id == AuditEntry.actor_id)
        .where(AuditEntry.object_type == "booking", AuditEntry.object_id.in_(public_ids))
        .order_by(AuditEntry.id)
    )
    found: dict[str, list[AuditFact]] = {}
    for public_id, *fact in rows:
        found.setdefault(public_id, []).append(AuditFact(*fact))
    return found


def passing(session: Session, hand_over_id: int) -> dict[int, PassingCall]:
    """How it goes with each call, by the call's id."""
    wanted = select(HandOverCall).where(HandOverCall.hand_over_id == hand_over_id)
    return {
        row.booking_id: PassingCall(row.booking_id, CallState(row.state), row.reason)
        for row in session.scalars(wanted)
    }


def contacts(session: Session, company_id: int) -> list[SignedIn]:
    """The company's contacts with an active account, by name."""
    wanted = select(User).join(Contact, Contact.user_id == User.id)
    return _people(session, wanted.where(Contact.company_id == company_id))


def contact_cards(session: Session, company_id: int) -> list[tuple[str, str, str]]:
    """Name, address and phone of each of them."""
    wanted = select(User.name, User.email, Contact.phone).join(Contact, Contact.user_id == User.id)
    own = wanted.where(Contact.company_id == company_id, User.is_active)
    return [(name, email, phone) for name, email, phone in session.execute(own.order_by(User.name, User.id))]


def administrators(session: Session) -> list[SignedIn]:
    """All administrators with an active account."""
    return _people(session, select(User).where(User.role == ADMINISTRATOR))


def telling(session: Session, hand_over_id: int) -> Sequence[Telling]:
    """The mails that tell the company's contacts, and how they stand."""
    key = told_key(hand_over_id)
    rows = session.execute(
        select(User.name, OutgoingMail.recipient, OutgoingMail.state, OutgoingMail.detail)
        .outerjoin(User, User.email == OutgoingMail.recipient)
        # Between digits, which every collation orders alike: for LIKE the whole table would be read.
        .where(OutgoingMail.subject_key.between(f"{key}:0", f"{key}:{'9' * 19}"))
        .order_by(OutgoingMail.id)
    )
    return [
        Telling(name or recipient, recipient, RETURNED if detail == RETURNED else state)
        for name, recipient, state, detail in rows
    ]


def told_key(hand_over_id: int) -> str:
    """What the keys of those mails begin with."""
    return f"hand-over:{hand_over_id}:told"


def _people(session: Session, wanted: Select[User]) -> list[SignedIn]:
    rows = session.scalars(wanted.where(User.is_active).order_by(User.name, User.id))
    return [
        SignedIn(row.id, row.public_id, row.name, row.email, row.role, row.language, row.time_zone)
        for row in rows
    ]


def _hand_overs() -> Select[*tuple[Any, ...]]:
    return (
        select(
            HandOver,
            Company.public_id.label("company_public_id"),
            Company.name.label("company_name"),
            *_columns(_leaving, _leaving_facts, "leaving"),
            *_columns(_coming, _coming_facts, "coming"),
        )
        .join(Company, Company.id == HandOver.company_id)
        .join(_coming, _coming.id == HandOver.to_id)
        .join(_coming_facts, _coming_facts.user_id == HandOver.to_id)
        .outerjoin(_leaving, _leaving.id == HandOver.from_id)
        .outerjoin(_leaving_facts, _leaving_facts.user_id == HandOver.from_id)
    )


def _columns(user: Any, details: Any, prefix: str) -> Sequence[Any]:
    columns = [getattr(user, name).label(f"{prefix}_{name}") for name in _USER]
    return [*columns, *(getattr(details, name).label(f"{prefix}_{name}") for name in _FACTS)]


def _profile(row: Row[*tuple[Any, ...]], user_id: int, prefix: str) -> SpecialistProfile:
    told = {name: getattr(row, f"{prefix}_{name}") for name in (*_USER, *_FACTS)}
    return SpecialistProfile(user_id=user_id, **told)


def _value(row: Row[*tuple[Any, ...]]) -> HandOverValue:
    kept: HandOver = row.HandOver
    return HandOverValue(
        id=kept.id,
        public_id=kept.public_id,
        company_id=kept.company_id,
        company_public_id=row.company_public_id,
        company_name=row.company_name,
        leaving=None if kept.from_id is None else _profile(row, kept.from_id, "leaving"),
        coming=_profile(row, kept.to_id, "coming"),
        planner_id=kept.planned_by_id,
        starts_on=kept.starts_on,
        note=kept.note,
        leaving_note=kept.leaving_note,
        ended_reason=kept.ended_reason,
        planned_at=kept.planned_at,
        confirmed_at=kept.confirmed_at,
        told_at=kept.told_at,
        moved_at=kept.moved_at,
        called_off_at=kept.called_off_at,
    )
