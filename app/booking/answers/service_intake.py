"""A mail of the service's mailbox is judged and has its effect, in one transaction and once."""

from collections.abc import Callable, Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from app.booking.answers import queries as lookups
from app.booking.answers.service import apply, propose
from app.booking.answers.service_mailbox import note_undelivered
from app.config import Settings
from app.ical.errors import UnreadableCalendar
from app.ical.itip_reading import Answer, read_message
from app.invites.replies import Outcome, judge, of_mail
from app.mail.incoming import LARGEST, Incoming
from app.mail.service_incoming import known_outcome, note_outcome
from app.mail.values import Received

# What takes a mail that holds no answer, in the same transaction: what became of it, None when it is left.
Taker = Callable[[Session, datetime, Settings, Received], Outcome | None]
_NO_ANSWERS = frozenset({Outcome.WORDS, Outcome.NOT_FOR_US, Outcome.TOO_LARGE, Outcome.UNREADABLE})


def specialists_concerned(session: Session, received: Received) -> list[int]:
    """Whose calls a message speaks of: their lock is needed for taking it."""
    uids = {answer.uid for _method, answer in _answers(received.mail) if answer}
    return sorted({call.specialist.user_id for call in lookups.calls_with(session, uids).values()})


def take(
    session: Session, now: datetime, settings: Settings, received: Received, taker: Taker | None = None
) -> Outcome:
    """Judge a message and let it have its effect; one that was judged before has none again.

    Needs the write lock of specialists_concerned. What holds no answer goes to ``taker``.
    """
    known = known_outcome(session, received.identity)
    if known is not None:
        return Outcome(known)
    outcomes = list(_outcomes(session, now, settings, received))
    # The word for the whole is that of the answer that did most; they stand in that order.
    outcome = min(outcomes, key=list(Outcome).index)
    detail = ", ".join(outcomes) if len(outcomes) > 1 else ""
    if taker is not None and outcome in _NO_ANSWERS:
        outcome = taker(session, now, settings, received) or outcome
    note_outcome(session, now, received.identity, received.mail, outcome, detail)
    return outcome


def note_failed(session: Session, now: datetime, received: Received, detail: str) -> Outcome:
    """Something that nobody foresaw: it is kept for people, and not tried again."""
    note_outcome(session, now, received.identity, received.mail, Outcome.FAILED, detail)
    return Outcome.FAILED


def _outcomes(session: Session, now: datetime, settings: Settings, received: Received) -> Iterator[Outcome]:
    mail = received.mail
    if received.size > LARGEST:
        yield Outcome.TOO_LARGE
        return
    if mail.returned_id and note_undelivered(session, now, mail.returned_id):
        yield Outcome.RETURNED
        return
    if (whole := of_mail(mail)) is not None:
        yield whole
        return
    for method, answer in _answers(mail):
        yield Outcome.UNREADABLE if answer is None else _take(session, now, settings, mail, method, answer)


def _answers(mail: Incoming) -> Iterator[tuple[str, Answer | None]]:
    """Method and content of every answer in a mail; None for a part that is none."""
    for part in mail.calendars:
        try:
            message = read_message(part.text)
        except UnreadableCalendar:
            yield "", None
            continue
        # The parameter and the METHOD inside have to agree (RFC 6047, 2.4); without one, the inner counts.
        if part.method not in {"", message.method}:
            yield message.method, None
            continue
        yield from ((message.method, answer) for answer in message.answers)


def _take(
    session: Session, now: datetime, settings: Settings, mail: Incoming, method: str, answer: Answer
) -> Outcome:
    call = lookups.calls_with(session, [answer.uid]).get(answer.uid)
    known = lookups.invited(session, now, settings, call) if call else None
    verdict = judge(mail, method, answer, known, now)
    if call is not None and verdict.outcome is Outcome.APPLIED:
        apply(session, now, settings, call, verdict, answer)
    if call is not None and verdict.outcome is Outcome.PROPOSED:
        propose(session, now, settings, call, verdict, answer)
    return verdict.outcome
