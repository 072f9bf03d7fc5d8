"""Handing a company over: planned by an administrator, confirmed by who takes over, told to its contacts."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.accounts.errors import NotFound
from app.accounts.service import record
from app.accounts.values import ADMINISTRATOR, SignedIn
from app.booking.handover import queries
from app.booking.handover.letter import (
    Reader,
    confirmed_letter,
    declined_letter,
    planned_letter,
    told_letter,
    untold_letter,
)
from app.booking.handover.values import NOTE_LIMIT, REASON_LIMIT, HandOverValue, Stage, Telling, first_day
from app.config import Settings
from app.customers.assignments.queries import company, lock
from app.customers.assignments.values import AssignmentValue, current
from app.customers.errors import AssignmentRefused
from app.customers.models import HandOver
from app.customers.profiles import SpecialistProfile
from app.customers.service import assign, assignments, specialists
from app.lib.text import many_lines
from app.lib.tokens import new_public_id
from app.lib.wording import local_date
from app.mail.draft import Draft
from app.mail.service import GIVEN_UP, RETURNED, SENT, post

_MISSED = frozenset({GIVEN_UP, RETURNED})


def plan(
    session: Session,
    now: datetime,
    settings: Settings,
    actor: SignedIn,
    company_id: str,
    to_id: str,
    starts_on: date,
    note: str = "",
) -> HandOverValue:
    """Plan that a company passes to a specialist (public ids) from a later day on; they are mailed.

    Raises NotFound, UncleanText, AssignmentRefused (``none``: nobody serves it, ``open``: one is under way,
    ``same``, ``past``: not a later day, ``person``).
    """
    found = company(session, company_id)
    lock(session, found.id)
    today = local_date(now, settings.service_time_zone)
    if starts_on <= today:
        raise AssignmentRefused("past")
    serving, to = _who_passes_to_whom(session, found.id, to_id, today)
    row = HandOver(
        public_id=new_public_id(),
        company_id=found.id,
        from_id=serving.specialist_id,
        to_id=to.user_id,
        starts_on=starts_on,
        note=many_lines(note, NOTE_LIMIT),
        planned_by_id=actor.id,
        planned_at=now,
    )
    session.add(row)
    session.flush()
    hand_over = queries.find(session, row.public_id)
    people = {"before": serving.name, "after": to.name, "starts_on": starts_on.isoformat()}
    _record(session, now, actor, "hand_over_planned", hand_over, **people)
    _post(session, now, hand_over, "planned", to, planned_letter(hand_over, to, settings))
    return hand_over


def _who_passes_to_whom(
    session: Session, company_id: int, to_id: str, today: date
) -> tuple[AssignmentValue, SpecialistProfile]:
    if queries.open_of_company(session, company_id) is not None:
        raise AssignmentRefused("open")
    serving = current(assignments(session, company_id), today)
    if serving is None:
        raise AssignmentRefused("none")
    to = next((one for one in specialists(session) if one.public_id == to_id), None)
    if to is None:
        raise AssignmentRefused("person")
    if to.user_id == serving.specialist_id:
        raise AssignmentRefused("same")
    return serving, to


def confirm(session: Session, now: datetime, settings: Settings, actor: SignedIn, public_id: str) -> None:
    """Take the company over: the assignment is made, and the company's contacts are mailed.

    Confirmed late, it counts from tomorrow on. Repeated, it changes nothing. Raises NotFound for everybody
    but who takes over, AssignmentRefused("settled") when it was ended.
    """
    hand_over = _of_who_comes(session, actor, public_id)
    if hand_over.confirmed_at is not None:
        return
    row = _planned(session, hand_over)
    row.starts_on = first_day(row.starts_on, local_date(now, settings.service_time_zone))
    row.confirmed_at = now
    assign(session, now, actor, row.company_id, row.to_id, row.starts_on, zone=settings.service_time_zone)
    session.flush()
    hand_over = queries.find(session, public_id)
    _record(session, now, actor, "hand_over_confirmed", hand_over, starts_on=row.starts_on.isoformat())
    for contact in queries.contacts(session, hand_over.company_id):
        key = f"{queries.told_key(hand_over.id)}:{contact.id}"
        post(session, now, key, key, told_letter(hand_over, contact, settings))
    readers: list[Reader] = [one for one in queries.administrators(session) if one.id == hand_over.planner_id]
    if hand_over.leaving is not None:
        readers.append(hand_over.leaving)
    for reader in readers:
        _post(session, now, hand_over, "confirmed", reader, confirmed_letter(hand_over, reader, settings))


def decline(
    session: Session, now: datetime, settings: Settings, actor: SignedIn, public_id: str, reason: str
) -> None:
    """Not take it over: it ends, the administrators are mailed why. Raises as confirm, and UncleanText."""
    hand_over = _of_who_comes(session, actor, public_id)
    row = _planned(session, hand_over)
    row.called_off_at, row.ended_reason = now, many_lines(reason, REASON_LIMIT)
    session.flush()
    hand_over = queries.find(session, public_id)
    _record(session, now, actor, "hand_over_declined", hand_over, reason=row.ended_reason)
    _tell_administrators(
        session, now, hand_over, "declined", lambda one: declined_letter(hand_over, one, settings)
    )


def call_off(session: Session, now: datetime, actor: SignedIn, public_id: str) -> None:
    """End it before it is confirmed; after that another hand-over is the way back.

    Repeated, it changes nothing. Raises NotFound, AssignmentRefused("settled").
    """
    hand_over = queries.find(session, public_id)
    if hand_over.stage is Stage.ENDED:
        return
    _planned(session, hand_over).called_off_at = now
    _record(session, now, actor, "hand_over_called_off", hand_over)


def leave_note(
    session: Session, now: datetime, settings: Settings, actor: SignedIn, public_id: str, note: str
) -> None:
    """Keep what who leaves writes for who comes. Raises NotFound for everybody else, UncleanText."""
    hand_over = visible(session, now, settings, actor, public_id)
    if hand_over.leaving is None or hand_over.leaving.user_id != actor.id:
        raise NotFound(f"hand-over {public_id} is not {actor.id}'s to write in")
    queries.row_of(session, hand_over.id).leaving_note = many_lines(note, NOTE_LIMIT)
    _record(session, now, actor, "hand_over_noted", hand_over)


def told_by_phone(session: Session, now: datetime, actor: SignedIn, public_id: str) -> None:
    """Whom mail does not reach was told by phone: the calls may move. Raises NotFound, AssignmentRefused."""
    hand_over = queries.find(session, public_id)
    if hand_over.stage is not Stage.TELLING or not missed(session, hand_over):
        raise AssignmentRefused("settled")
    queries.row_of(session, hand_over.id).told_at = now
    _record(session, now, actor, "hand_over_told", hand_over, by="phone")


def look_whether_told(session: Session, now: datetime, settings: Settings, public_id: str) -> None:
    """It is told when the mail server has every mail; of those that fail administrators hear.

    Once of the same ones; that mail fails for somebody else as well is news.
    """
    hand_over = queries.find(session, public_id)
    if hand_over.stage is not Stage.TELLING:
        return
    telling = queries.telling(session, hand_over.id)
    states = {one.state for one in telling}
    if states <= {SENT}:
        queries.row_of(session, hand_over.id).told_at = now
        _record(session, now, None, "hand_over_told", hand_over, by="mail")
        return
    names = missed_of(telling)
    if names:
        what = f"untold:{_missed_word(telling)}"
        _tell_administrators(
            session, now, hand_over, what, lambda one: untold_letter(hand_over, one, settings, names)
        )


def missed(session: Session, hand_over: HandOverValue) -> list[str]:
    """The contacts whom the mail about it cannot reach."""
    return missed_of(queries.telling(session, hand_over.id))


def missed_of(telling: Sequence[Telling]) -> list[str]:
    """The same of the mails that are known."""
    return [one.name for one in telling if one.state in _MISSED]


def visible(
    session: Session, now: datetime, settings: Settings, actor: SignedIn, public_id: str
) -> HandOverValue:
    """The hand-over, for administrators and both specialists; raises NotFound for everybody else.

    Once it is over it tells of a company that one of the two does not serve: then it is the other's alone.
    """
    hand_over = queries.find(session, public_id)
    both = {hand_over.coming.user_id} | ({hand_over.leaving.user_id} if hand_over.leaving else set())
    if actor.role == ADMINISTRATOR:
        return hand_over
    if hand_over.stage in {Stage.DONE, Stage.ENDED}:
        serving = current(
            assignments(session, hand_over.company_id), local_date(now, settings.service_time_zone)
        )
        both &= {serving.specialist_id} if serving else set()
    if actor.id not in both:
        raise NotFound(f"no hand-over {public_id} of {actor.id}")
    return hand_over


def _of_who_comes(session: Session, actor: SignedIn, public_id: str) -> HandOverValue:
    hand_over = queries.find(session, public_id)
    if hand_over.coming.user_id != actor.id:
        raise NotFound(f"hand-over {public_id} is not {actor.id}'s to take")
    return hand_over


def _planned(session: Session, hand_over: HandOverValue) -> HandOver:
    """The row of one that is only planned yet; raises AssignmentRefused("settled")."""
    row = queries.row_of(session, hand_over.id)
    if row.confirmed_at is not None or row.called_off_at is not None:
        raise AssignmentRefused("settled")
    return row


def _missed_word(telling: Sequence[Telling]) -> str:
    """A short word that is the same for the same recipients."""
    addresses = sorted(one.email for one in telling if one.state in _MISSED)
    return hashlib.sha256("\n".join(addresses).encode()).hexdigest()[:12]


def _tell_administrators(
    session: Session, now: datetime, hand_over: HandOverValue, what: str, write: Callable[[SignedIn], Draft]
) -> None:
    for one in queries.administrators(session):
        _post(session, now, hand_over, what, one, write(one))


def _post(
    session: Session, now: datetime, hand_over: HandOverValue, what: str, reader: Reader, letter: Draft
) -> None:
    number = reader.id if isinstance(reader, SignedIn) else reader.user_id
    thread = f"hand-over:{hand_over.id}:{number}"
    post(session, now, f"hand-over:{hand_over.id}:{what}:{number}", thread, letter)


def _record(
    session: Session,
    now: datetime,
    actor: SignedIn | None,
    verb: str,
    hand_over: HandOverValue,
    **detail: str,
) -> None:
    company_name = hand_over.company_name
    record(session, now, actor, verb, "hand_over", hand_over.public_id, company=company_name, **detail)
