"""What is written to people about a call, in their language and zone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.booking.change_words import change_words, passed_on_words
from app.booking.events import call_url, event_for_contact, our_names
from app.booking.letters.kinds import CANCELS, REQUESTS, Kind
from app.booking.letters.objections import objection
from app.booking.lifecycle import Event, Who, is_possible
from app.booking.reminding.in_words import reminders_to_come
from app.booking.rules import minutes
from app.booking.values import PHONE, CallValue
from app.config import Settings
from app.customers.reaching import mail_to, number_to
from app.invites.compose import cancellation, invitation, proposal_declined
from app.lib import wording
from app.lib.intervals import Interval
from app.lib.zones import local
from app.mail.draft import Draft, Party
from app.mail.pages import CallMail
from app.mail.wording import render, words
from app.settings.values import ServiceWindow


@dataclass(frozen=True, slots=True)
class Occasion:
    """Why a letter is written, and to whom: to the contact, or ``at_home`` to the specialist.

    ``old`` is the time before a move, ``reason`` what somebody wrote, ``free`` the times to offer instead,
    ``asked`` a new time that the contact wished and could not have. For the specialist, ``there`` is where
    they put the event and ``why`` the word for what speaks against it; ``calls`` are all that one letter asks
    about. ``proposed`` is another time that somebody would rather have; ``mark`` tells letters of one kind
    apart. ``at`` is when a letter is written that tells of no change: what is too late then is not offered.
    ``senior`` is who joined or left, ``other`` the specialist before or after whoever has the call now,
    or who does not get it.
    """

    kind: Kind
    old: Interval | None = None
    reason: str = ""
    free: tuple[Interval, ...] = ()
    at_home: bool = False
    asked: Interval | None = None
    there: Interval | None = None
    why: str = ""
    calls: tuple[CallValue, ...] = ()
    proposed: Interval | None = None
    mark: str = ""
    at: datetime | None = None
    senior: str = ""
    other: str = ""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads a letter, in which language and zone, and the other side of the call as they see it."""

    party: Party
    language: str
    zone: str
    other: str
    other_detail: str


def write_letter(call: CallValue, occasion: Occasion, settings: Settings, organizer: str = "") -> Draft:
    """The mail for this occasion, with the service's address and the specialist's name as sender.

    Its iTIP part, if it has one, carries the call's SEQUENCE; ``organizer`` is the ORGANIZER that its reader
    answers to, if it is not the address for all.
    """
    reader = _specialist(call) if occasion.at_home else contact_reader(call)
    name = f"{occasion.kind.value}_at_home" if occasion.at_home else occasion.kind.value
    body = render(name, reader.language, call_mail(call, occasion, reader, settings))
    letter = Draft(
        sender=Party(settings.mail_from, call.specialist.name),
        recipient=reader.party,
        subject=subject(call, occasion.kind, reader),
        text=body.text,
        html=body.html,
        language=reader.language,
    )
    event = event_for_contact(call, call.span, settings.public_url)
    if occasion.at_home:
        return letter
    host = Party(organizer or settings.organizer_address, call.specialist.name)
    if occasion.kind in REQUESTS:
        return invitation(letter, event, host, takes_proposals=settings.reads_answers)
    if occasion.kind in CANCELS:
        return cancellation(letter, event, host)
    return proposal_declined(letter, event, host) if occasion.kind is Kind.PROPOSAL_DECLINED else letter


def contact_reader(call: CallValue) -> Reader:
    """The call's contact."""
    party = Party(call.contact_email, call.contact_name)
    language = call.contact_language
    title = call.specialist.title(language) if call.senior is None else ""
    return Reader(party, language, call.contact_time_zone, our_names(call, language), title)


def _specialist(call: CallValue) -> Reader:
    host = call.specialist
    party = Party(host.email, host.name)
    detail = call.company_name
    if call.senior is not None:
        also = words(host.language).gettext("with %(name)s as well") % {"name": call.senior.name}
        detail = f"{detail}, {also}"
    return Reader(party, host.language, host.time_zone, call.contact_name, detail)


def call_mail(call: CallValue, occasion: Occasion, reader: Reader, settings: Settings) -> CallMail:
    """The call in the reader's words."""
    say = words(reader.language)
    length = say.ngettext("%(num)s minute", "%(num)s minutes", minutes(call.length))
    old = occasion.old
    can_move, can_cancel = _changes(call, occasion)
    return CallMail(
        organisation=settings.organisation,
        recipient=reader.party.name,
        with_name=reader.other,
        with_detail=reader.other_detail,
        call_type=call.call_type_name(reader.language),
        length=length % {"num": minutes(call.length)},
        day=_day(call.span, reader),
        span=wording.span(call.span, reader.zone),
        zone=wording.zone_name(call.start, reader.zone, reader.language),
        service=_service(call, reader, settings.service_time_zone),
        way=say.gettext("Phone call to %(number)s") % {"number": call.phone}
        if call.way == PHONE
        else say.gettext("Video link"),
        way_url="" if call.way == PHONE else call.room_url,
        topic=call.topic,
        reference=call.reference,
        url=call_url(call, settings.public_url),
        book_url=f"{settings.public_url}/{'schedule' if occasion.at_home else 'book'}",
        old_day=_day(old, reader) if old else "",
        old_span=wording.span(old, reader.zone) if old else "",
        can_move=can_move,
        can_cancel=can_cancel,
        change_words=_change_words(call, reader, can_move, can_cancel),
        too_late="" if can_move or can_cancel else _too_late(call, reader, settings),
        reminders=reminders_to_come(call),
        profile_url=f"{settings.public_url}/profile",
        answers=tuple((item.question, item.answer) for item in call.answers),
        reason=_proposal(occasion, reader)
        or occasion.reason
        or _offer(occasion, reader, settings.service_window),
    )


def _changes(call: CallValue, occasion: Occasion) -> tuple[bool, bool]:
    """Whether the contact can still move, and cancel, the call."""
    at = occasion.at
    can_move, can_cancel = (
        at is None or is_possible(call, event, Who.CONTACT, at) for event in (Event.RESCHEDULE, Event.CANCEL)
    )
    return can_move, can_cancel


def _change_words(call: CallValue, reader: Reader, can_move: bool, can_cancel: bool) -> str:
    move, cancel = (
        wording.until(limit, reader.zone, reader.language) if can else ""
        for limit, can in ((call.move_until, can_move), (call.cancel_until, can_cancel))
    )
    return change_words(words(reader.language).gettext, move, cancel)


def _too_late(call: CallValue, reader: Reader, settings: Settings) -> str:
    """Whom to reach when nothing can be changed here any more."""
    host = call.specialist
    text = words(reader.language).gettext(
        "It is too late to change this call here. Please tell %(name)s yourself: %(where)s"
    )
    ways = (number_to(settings, host.phone), mail_to(settings, host.email))
    return text % {"name": host.name, "where": ", ".join(filter(None, ways))}


def _proposal(occasion: Occasion, reader: Reader) -> str:
    """The time that was proposed, and what was written with it."""
    if occasion.proposed is None:
        return ""
    _ = words(reader.language).gettext
    time = _("Proposed time: %(time)s.") % {"time": _short(occasion.proposed, reader)}
    words_with_it = _("It says: %(text)s") % {"text": occasion.reason} if occasion.reason else ""
    return f"{time} {words_with_it}".strip()


def _offer(occasion: Occasion, reader: Reader, window: ServiceWindow) -> str:
    """What was asked for and could not be had, what speaks against a time, and what is free instead."""
    _ = words(reader.language).gettext
    sentences = []
    if occasion.asked and not occasion.at_home:
        sentences.append(_("You asked for: %(time)s.") % {"time": _short(occasion.asked, reader)})
    if occasion.senior:
        left = occasion.kind is Kind.SENIOR_GONE
        text = _("%(name)s cannot take part.") if left else _("%(name)s takes part as well.")
        sentences.append(text % {"name": occasion.senior})
    if occasion.other and occasion.kind is Kind.KEPT:
        sentences.append(_("This call does not pass to %(name)s.") % {"name": occasion.other})
    elif occasion.other:
        sentences.append(passed_on_words(_, occasion.other, is_gone=occasion.kind is Kind.HANDED_ON))
    if occasion.there:
        where = _("In your calendar it stands here now: %(time)s.") % {"time": _short(occasion.there, reader)}
        sentences += [where, objection(occasion.why, reader.language, window)]
    if occasion.calls:
        sentences.append(" · ".join(_listed(call, reader) for call in occasion.calls))
    if occasion.free:
        times = " · ".join(_short(slot, reader) for slot in occasion.free)
        sentences.append(_("Free near it at the moment: %(times)s") % {"times": times})
    return " ".join(sentences)


def _listed(call: CallValue, reader: Reader) -> str:
    return f"{_short(call.span, reader)}, {call.contact_name}, {call.company_name}"


def _short(span: Interval, reader: Reader) -> str:
    day = wording.day_short(wording.local_date(span.start, reader.zone), reader.language)
    return f"{day}, {wording.clock(span.start, reader.zone)}"


def _day(span: Interval, reader: Reader) -> str:
    return wording.day_long(wording.local_date(span.start, reader.zone), reader.language)


def _service(call: CallValue, reader: Reader, service_zone: str) -> str:
    """The same time in the service's zone, where the reader's clock shows another."""
    there = local(call.start, service_zone)
    if there.utcoffset() == local(call.start, reader.zone).utcoffset():
        return ""
    letters = wording.service_abbreviation(call.start, service_zone)
    text = f"{wording.span(call.span, service_zone)} {letters}"
    if there.date() == wording.local_date(call.start, reader.zone):
        return text
    return f"{wording.weekday_short(there.date(), reader.language)} {text}"


def subject(call: CallValue, kind: Kind, reader: Reader) -> str:
    """What a letter is about, with the prefix of its kind."""
    what = f"{call.call_type_name(reader.language)}, {reader.other}, {_short(call.span, reader)}"
    if call.series is not None:
        _ = words(reader.language).gettext
        place = _("%(number)s of %(total)s") % {"number": call.series.number, "total": call.series.total}
        what = f"{what} ({place})"
    return _subjects(reader.language)[kind] % {"what": what}


def _subjects(language: str) -> Mapping[Kind, str]:
    _ = words(language).gettext
    return {
        Kind.INVITATION: _("Invitation: %(what)s"),
        Kind.UPDATED: _("Updated: %(what)s"),
        Kind.CANCELLED: _("Cancelled: %(what)s"),
        Kind.DECLINED: _("Not booked: %(what)s"),
        Kind.NOT_BOOKED: _("Not booked: %(what)s"),
        Kind.EXPIRED: _("Not booked: %(what)s"),
        Kind.NOT_MOVED: _("Not moved: %(what)s"),
        Kind.SETTLED: _("It stays at its time: %(what)s"),
        Kind.CLASH: _("Another appointment at the same time: %(what)s"),
        Kind.FOLLOWED: _("Updated: %(what)s"),
        Kind.CALLED_OFF: _("Cancelled: %(what)s"),
        Kind.MISPLACED: _("Cannot be moved there: %(what)s"),
        Kind.MADE_RECURRING: _("Only the first counts: %(what)s"),
        Kind.UNREADABLE: _("Cannot be read in your calendar: %(what)s"),
        Kind.REMINDER: _("Reminder: %(what)s"),
        Kind.KEPT: _("It stays as booked: %(what)s"),
        Kind.SENIOR_JOINED: _("Updated: %(what)s"),
        Kind.SENIOR_GONE: _("Without the senior engineer: %(what)s"),
        Kind.SENIOR_KEPT: _("It keeps its time: %(what)s"),
        Kind.TAKEN_OVER: _("Another specialist: %(what)s"),
        Kind.HANDED_ON: _("No longer yours: %(what)s"),
        Kind.VANISHED: _("Are these calls cancelled? %(what)s"),
        Kind.MOVED_MANY: _("Are these calls moved? %(what)s"),
        Kind.DECLINE_ASKED: _("You declined: %(what)s"),
        Kind.PROPOSED: _("New time proposed: %(what)s"),
        Kind.PROPOSAL_DECLINED: _("It stays at its time: %(what)s"),
    }
