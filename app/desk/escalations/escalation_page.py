"""Level 2 in the reader's words."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Literal

from flask_babel import gettext as _

from app.accounts.values import SENIOR, SignedIn
from app.booking.in_words import Reader, first_name
from app.desk.escalations.order import ASK_FOR
from app.desk.escalations.pages import (
    AskLine,
    EscalationPage,
    EscalationPanel,
    EscalationRow,
    EscalationsPage,
    Filter,
)
from app.desk.escalations.values import Cause, EscalationValue, SeniorName
from app.desk.requests.severity_page import severity_words
from app.lib import wording

MINE, OPEN, OVER = "mine", "open", "over"


def panel(
    found: EscalationValue | None,
    viewer: SignedIn,
    reader: Reader,
    now: datetime,
    urls: Mapping[str, str],
) -> EscalationPanel:
    """What the page of a conversation says of it.

    ``urls``: ``ask`` brings somebody in, ``page`` is the page about it, ``book`` books with who has it; each
    is missing or empty where it is not for the reader.
    """
    ask_url, ask_text = urls.get("ask", ""), _ask_text(viewer)
    if found is None or (found.ended_at is not None and not viewer.is_staff):
        return EscalationPanel("none" if found is None else "over", "", ask_url, ask_text)
    state, text = _state(found), _text(found, viewer, reader, now)
    if not viewer.is_staff:
        # While one is wanted the customer writes in the conversation.
        book_url = urls.get("book", "") if state == "taken" else ""
        name = first_name(found.taken_by.name) if found.taken_by else ""
        book_text = _("Book a call with %(name)s", name=name) if book_url else ""
        return EscalationPanel(state, text, book_url=book_url, book_text=book_text)
    return EscalationPanel(
        state,
        text,
        ask_url,
        ask_text if state == "over" else _("Add to the note"),
        note=found.note,
        asks=_asks(found, reader, now),
        url=urls.get("page", ""),
    )


def escalation_row(found: EscalationValue, reader: Reader, now: datetime) -> EscalationRow:
    """A line of the list."""
    return EscalationRow(
        id=found.public_id,
        company=found.company_name,
        subject=found.subject or _("Conversation"),
        reference=found.reference,
        severity=found.severity or 0,
        severity_name=severity_words(found.severity).name if found.severity else "",
        since=moment(found.asked_at, reader, now),
        state=_state(found),
        state_text=_state_text(found, reader, now),
    )


def escalations_page(
    found: Sequence[EscalationValue],
    viewer: SignedIn,
    reader: Reader,
    now: datetime,
    show: str,
    counts: Mapping[str, int],
    *,
    older: str,
    mondays: Sequence[date],
) -> EscalationsPage:
    """The list; ``mondays`` begin the weeks in which the reader is on call."""
    is_senior = viewer.role == SENIOR
    names = {MINE: _("For me"), OPEN: _("All open"), OVER: _("Over")}
    return EscalationsPage(
        rows=tuple(escalation_row(item, reader, now) for item in found),
        show=show,
        filters=tuple(
            Filter(value, name, str(counts[value]) if value in counts else "")
            for value, name in names.items()
            if is_senior or value != MINE
        ),
        older=older,
        on_call=tuple(week_words(monday, reader.language) for monday in mondays),
        is_senior=is_senior,
    )


def escalation_page(
    found: EscalationValue,
    viewer: SignedIn,
    reader: Reader,
    now: datetime,
    *,
    conversation_url: str,
    problem: str = "",
) -> EscalationPage:
    """One of them."""
    is_open = found.ended_at is None
    is_mine = found.taken_by is not None and found.taken_by.user_id == viewer.id
    is_senior = viewer.role == SENIOR
    return EscalationPage(
        row=escalation_row(found, reader, now),
        contact=found.contact_name,
        why=_why(found),
        note=found.note,
        asks=_asks(found, reader, now),
        conversation_url=conversation_url,
        can_take=is_open and is_senior and found.taken_by is None,
        can_decline=is_senior and found.asked_now(viewer.id),
        can_end=is_open and (is_mine or not is_senior),
        is_mine=is_mine,
        problem=problem,
    )


def taken_words(found: EscalationValue, reader: Reader, now: datetime) -> str:
    """Who has it, to one who came second."""
    return _state_text(found, reader, now)


def week_words(monday: date, language: str) -> str:
    """ "30 Nov – 6 Dec"."""
    return wording.days_range(monday, monday + timedelta(days=6), language)


def moment(at: datetime, reader: Reader, now: datetime) -> str:
    """ "02:04", or "29 Nov, 02:04" on another day: what can stand after "since" and «с»."""
    day, clock = wording.local_date(at, reader.zone), wording.clock(at, reader.zone)
    if day == wording.local_date(now, reader.zone):
        return clock
    return f"{wording.day_and_month(day, reader.language)}, {clock}"


def _state(found: EscalationValue) -> Literal["asked", "taken", "over"]:
    if found.ended_at is not None:
        return "over"
    return "asked" if found.taken_at is None else "taken"


def _text(found: EscalationValue, viewer: SignedIn, reader: Reader, now: datetime) -> str:
    if viewer.is_staff or found.ended_at is not None:
        return _state_text(found, reader, now)
    if found.taken_at is None:
        return _(
            "A senior engineer is being asked, since %(time)s.", time=moment(found.asked_at, reader, now)
        )
    who, time = _who(found.taken_by, reader.language), moment(found.taken_at, reader, now)
    return _("%(who)s is on it since %(time)s.", who=who, time=time)


def _state_text(found: EscalationValue, reader: Reader, now: datetime) -> str:
    if found.ended_at is not None:
        return _("Over since %(time)s", time=moment(found.ended_at, reader, now))
    if found.taken_at is not None:
        name = found.taken_by.name if found.taken_by else _("Somebody who has left")
        return _("%(name)s has it since %(time)s", name=name, time=moment(found.taken_at, reader, now))
    asked = [item.name for item in found.asks if found.asked_now(item.ask.senior_id)]
    if asked:
        return _("Asked: %(names)s", names=", ".join(asked))
    if found.next_ask_at is not None:
        return _("Asked again at %(time)s", time=moment(found.next_ask_at, reader, now))
    return _("Nobody is asked")


def _who(senior: SeniorName | None, language: str) -> str:
    if senior is None:
        return _("A senior engineer")
    title = wording.in_language(senior.titles, language)
    return f"{senior.name} ({title})" if title else senior.name


def _why(found: EscalationValue) -> str:
    match found.cause:
        case Cause.CUSTOMER:
            return _("%(name)s asked for it", name=found.asked_by or found.contact_name)
        case Cause.SPECIALIST:
            return _("%(name)s brings a senior in", name=found.asked_by)
    return _("The severity brings a senior in by itself")


def _asks(found: EscalationValue, reader: Reader, now: datetime) -> tuple[AskLine, ...]:
    return tuple(
        AskLine(item.name, _ask(found, item.ask.asked_at, item.ask.declined_at, reader, now))
        for item in found.asks
    )


def _ask(
    found: EscalationValue, asked_at: datetime, declined_at: datetime | None, reader: Reader, now: datetime
) -> str:
    asked = _("asked at %(time)s", time=moment(asked_at, reader, now))
    if declined_at is not None:
        return _("%(asked)s, cannot take it", asked=asked)
    is_over = found.taken_at is not None or found.ended_at is not None
    if not is_over and now < asked_at + ASK_FOR:
        return _("%(asked)s, has until %(time)s", asked=asked, time=moment(asked_at + ASK_FOR, reader, now))
    return asked


def _ask_text(viewer: SignedIn) -> str:
    return _("Bring in a senior engineer") if viewer.is_staff else _("I need a senior engineer")
