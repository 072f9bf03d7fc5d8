"""A hand-over in its reader's words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from flask_babel import gettext as _

from app.accounts.values import ADMINISTRATOR, AuditFact, SignedIn
from app.booking.handover.pages import CallLine, ContactLine, HandOverLine, HandOverPage
from app.booking.handover.values import CallState, HandOverValue, PassingCall, Stage, Telling
from app.booking.history_lines import history_lines
from app.booking.in_words import Reader, day_and_time
from app.booking.pages import HistoryLine
from app.booking.values import CallValue
from app.lib import wording
from app.words import refusal_words

Side = Literal["leaving", "coming", "administrator"]
Offers = tuple[Literal["retry", "keep", "cancel"], ...]


@dataclass(frozen=True, slots=True)
class Found:
    """All that is known of a hand-over: of calls by their id, of facts by the call's public id."""

    hand_over: HandOverValue
    contacts: Sequence[tuple[str, str, str]]
    telling: Sequence[Telling]
    ahead: Sequence[CallValue]
    past: Sequence[CallValue]
    passing: Mapping[int, PassingCall]
    notes: Mapping[int, tuple[str, str]]
    facts: Mapping[str, Sequence[AuditFact]]
    own_facts: Sequence[AuditFact]
    missed: Sequence[str] = field(default=())


def hand_over_page(
    found: Found, viewer: SignedIn, reader: Reader, *, company_url: str = "", problem: str = ""
) -> HandOverPage:
    """The page for one of the two specialists, or an administrator."""
    hand_over = found.hand_over
    return HandOverPage(
        id=hand_over.public_id,
        company=hand_over.company_name,
        leaving=hand_over.leaving.name if hand_over.leaving else "",
        coming=hand_over.coming.name,
        day=wording.day_long(hand_over.starts_on, reader.language),
        stage=hand_over.stage.value,
        stage_words=stage_words(hand_over.stage),
        side=side_of(hand_over, viewer),
        note=hand_over.note,
        leaving_note=hand_over.leaving_note,
        ended_reason=hand_over.ended_reason,
        contacts=_contacts(found),
        coming_calls=tuple(_coming(call, found, viewer, reader) for call in found.ahead),
        past_calls=tuple(_past(call, found, viewer, reader) for call in found.past),
        history=_history(found.own_facts, reader),
        missed=", ".join(found.missed),
        company_url=company_url if viewer.role == ADMINISTRATOR else "",
        problem=problem,
    )


def side_of(hand_over: HandOverValue, viewer: SignedIn) -> Side:
    """As whom somebody looks at it."""
    if viewer.id == hand_over.coming.user_id:
        return "coming"
    is_leaving = hand_over.leaving is not None and viewer.id == hand_over.leaving.user_id
    return "leaving" if is_leaving else "administrator"


def stage_words(stage: Stage) -> str:
    """How far it is."""
    match stage:
        case Stage.PLANNED:
            return _("Waits to be confirmed")
        case Stage.TELLING:
            return _("The contacts are being told")
        case Stage.MOVING:
            return _("Everybody is told, the calls pass on")
        case Stage.DONE:
            return _("Done")
    return _("Called off")


def hand_over_lines(
    hand_overs: Sequence[HandOverValue], viewer: SignedIn, language: str
) -> tuple[HandOverLine, ...]:
    """Those under way of one specialist, for the head of their schedule."""
    return tuple(_line(item, viewer, language) for item in hand_overs)


def _line(item: HandOverValue, viewer: SignedIn, language: str) -> HandOverLine:
    names = {"company": item.company_name, "day": wording.day_plain(item.starts_on, language)}
    if side_of(item, viewer) == "leaving":
        text = _("%(company)s passes to %(name)s on %(day)s", name=item.coming.name, **names)
        return HandOverLine(item.public_id, text, False)
    if item.stage is Stage.PLANNED:
        text = _("You are asked to take over %(company)s on %(day)s", **names)
        return HandOverLine(item.public_id, text, True)
    return HandOverLine(item.public_id, _("You take over %(company)s on %(day)s", **names), False)


def _contacts(found: Found) -> tuple[ContactLine, ...]:
    states = {one.email: one.state for one in found.telling}
    return tuple(
        ContactLine(name, email, phone, _told(states.get(email, ""))) for name, email, phone in found.contacts
    )


def _told(state: str) -> str:
    match state:
        case "sent":
            return _("told by e-mail")
        case "waiting":
            return _("the e-mail is on its way")
        case "given_up" | "returned":
            return _("the e-mail does not arrive")
    return ""


def _coming(call: CallValue, found: Found, viewer: SignedIn, reader: Reader) -> CallLine:
    item = found.passing.get(call.id)
    is_open = item is not None and found.hand_over.stage is Stage.MOVING and call.successor_id is None
    return CallLine(
        id=call.public_id,
        when=_when(call, reader),
        title=call.call_type_name(reader.language),
        contact=call.contact_name,
        specialist=call.specialist.name,
        reference=call.reference,
        topic=call.topic,
        answers=tuple((answer.question, answer.answer) for answer in call.answers),
        state=_state(call, item, found.hand_over, reader),
        is_stuck=item is not None and item.state is CallState.STUCK,
        offers=_offers(call, item, viewer) if item is not None and is_open else (),
        can_open=viewer.role == ADMINISTRATOR or viewer.id in {one.user_id for one in call.people},
    )


def _state(call: CallValue, item: PassingCall | None, hand_over: HandOverValue, reader: Reader) -> str:
    if call.successor_id is not None:
        return _("passes on as soon as the calendar has it")
    match item.state if item else None:
        case CallState.WAITING:
            return _("waits to be passed on")
        case CallState.STUCK:
            return _("cannot pass on: %(reason)s", reason=_reason(item.reason if item else ""))
        case CallState.KEPT:
            return _("stays with %(name)s", name=call.specialist.name)
        case CallState.MOVED:
            return _("passed on")
    begins = hand_over.begins_at(reader.service_zone)
    if call.specialist.user_id == hand_over.coming.user_id or (call.move or call.span).start < begins:
        return ""
    return _("passes on once everybody is told") if hand_over.stage in {Stage.PLANNED, Stage.TELLING} else ""


def _reason(word: str) -> str:
    if word == "calendar_away":
        return _("the calendar cannot be reached, it is tried again")
    if word == "other_senior":
        return _("they take part as the senior already")
    return refusal_words(word) or _("the time is not free")


def _offers(call: CallValue, item: PassingCall, viewer: SignedIn) -> Offers:
    if item.state is CallState.KEPT:
        return ("retry",)
    if item.state is not CallState.STUCK:
        return ()
    is_theirs = viewer.role == ADMINISTRATOR or viewer.id == call.specialist.user_id
    return ("retry", "keep", "cancel") if is_theirs else ("retry", "keep")


def _past(call: CallValue, found: Found, viewer: SignedIn, reader: Reader) -> CallLine:
    note, private = found.notes.get(call.id, ("", ""))
    return CallLine(
        id=call.public_id,
        when=_when(call, reader),
        title=call.call_type_name(reader.language),
        contact=call.contact_name,
        specialist=call.specialist.name,
        reference=call.reference,
        topic=call.topic,
        can_open=viewer.role == ADMINISTRATOR or viewer.id in {one.user_id for one in call.people},
        note=note,
        private_note=private,
        history=history_lines(found.facts.get(call.public_id, ()), call, viewer, reader),
    )


def _when(call: CallValue, reader: Reader) -> str:
    day = wording.day_short(wording.local_date(call.start, reader.zone), reader.language)
    return f"{day}, {wording.span(call.span, reader.zone)}"


def _history(facts: Sequence[AuditFact], reader: Reader) -> tuple[HistoryLine, ...]:
    lines = ((fact, _sentence(fact)) for fact in facts)
    return tuple(HistoryLine(day_and_time(fact.at, reader), text) for fact, text in lines if text)


def _sentence(fact: AuditFact) -> str:
    name = fact.actor
    match fact.verb:
        case "hand_over_planned":
            return _("Planned by %(name)s", name=name)
        case "hand_over_confirmed":
            return _("Confirmed by %(name)s", name=name)
        case "hand_over_declined":
            return _("Declined by %(name)s", name=name)
        case "hand_over_called_off":
            return _("Called off by %(name)s", name=name)
        case "hand_over_told" if fact.detail.get("by") == "phone":
            return _("%(name)s: everybody was told by phone", name=name)
        case "hand_over_told":
            return _("Every contact was told by e-mail")
        case "hand_over_done":
            return _("All calls are settled")
    return ""
