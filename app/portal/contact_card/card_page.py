"""Every way to reach the specialist, and what to expect on each now and out of hours."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from app.availability.presence import Presence, State
from app.booking.in_words import Reader, day_name, first_name, moment_in_words, person, service_time
from app.booking.pages import StandingLine
from app.booking.standing_page import standing_words
from app.customers.roster import Served
from app.desk.callbacks.callbacks_page import hours_words, policy_words
from app.desk.hours import BusinessHours, is_open, next_opening
from app.desk.requests.clock_page import first_answer_by, moment
from app.desk.requests.severity_page import SEVERITIES, severity_name
from app.desk.sla import Policy, targets
from app.lib import wording
from app.portal.contact_card.pages import CardPage, Way
from app.portal.home_page import about_words, label_words


@dataclass(frozen=True, slots=True)
class Channels:
    """Which ways there are: an address that is read, a number to ring, those of the standard support.

    ``takes_voicemail``: who rings out of hours leaves a message and is rung back.
    """

    mail: str
    phone: str
    takes_voicemail: bool
    has_chat: bool
    has_callbacks: bool
    standard_chat_url: str
    standard_email: str


@dataclass(frozen=True, slots=True)
class CardFacts:
    """What the card is made of; ``callback_due`` is when whoever asks now is rung at the latest.

    ``next_free`` is the start of the next free time, ``callback_hours`` the policy of callbacks.
    """

    now: datetime
    reader: Reader
    served: Served
    presence: Presence
    hours: BusinessHours
    policy: Policy
    callback_due: datetime
    callback_hours: int
    next_free: datetime | None
    channels: Channels

    @property
    def name(self) -> str:
        """The first name of who serves."""
        return first_name(self.served.person.name)

    @property
    def is_open(self) -> bool:
        """Whether it is business time."""
        return is_open(self.hours, self.now)


def card_page(facts: CardFacts) -> CardPage:
    """The page."""
    reader, served, channels = facts.reader, facts.served, facts.channels
    words = standing_words([served], reader.language)
    ways = [_call(facts)]
    if channels.has_chat:
        ways.append(_chat(facts))
    if channels.mail:
        ways.append(_mail(facts))
    if channels.phone:
        ways.append(_phone(facts))
    if channels.has_callbacks:
        ways.append(_callback(facts))
    ways += [_request(facts), _senior()]
    if channels.standard_chat_url or channels.standard_email:
        ways.append(_standard())
    return CardPage(
        person=person(served.person, reader, facts.now, facts.presence),
        label=label_words(served),
        about=about_words(served.person, reader.language),
        hours=hours_words(facts.hours, facts.now, reader),
        is_open=facts.is_open,
        ways=tuple(ways),
        standing=StandingLine(words) if words else None,
        standard_chat_url=channels.standard_chat_url,
        standard_email=channels.standard_email,
    )


def _call(facts: CardFacts) -> Way:
    start, reader = facts.next_free, facts.reader
    if start is None:
        now = _("There are no free times in the coming weeks.")
    else:
        there = service_time(start, reader)
        time = f"{day_name(start, reader, facts.now)}, {wording.clock(start, reader.zone)}"
        now = _("The next free time: %(time)s", time=f"{time} ({there})" if there else time)
    return Way("call", _("A booked call"), now, _("Calls take place in our hours; you book at any time."))


def _chat(facts: CardFacts) -> Way:
    title = _("Chat")
    if facts.is_open:
        later = _("Out of hours: it takes your message, and says when %(name)s is back.", name=facts.name)
        return Way("chat", title, _answers(facts), later)
    now = _("Nobody is here until %(time)s. Your message waits until then.", time=_plain(facts))
    return Way("chat", title, now, _("In hours: %(name)s answers while you look.", name=facts.name))


def _mail(facts: CardFacts) -> Way:
    no_clock = _("A message has no due time; a request has.")
    if facts.is_open:
        now = _("It reaches %(name)s at once.", name=facts.name)
        later = _("Out of hours: you get a receipt, and nobody promises an answer before we open.")
    else:
        now = _("You get a receipt, and nobody promises an answer before %(time)s.", time=_plain(facts))
        later = _("In hours: it reaches %(name)s at once.", name=facts.name)
    return Way("mail", _("E-mail"), now, later, address=facts.channels.mail, lines=(no_clock,))


def _phone(facts: CardFacts) -> Way:
    channels, title = facts.channels, _("Phone")
    if facts.is_open:
        later = (
            _("Out of hours: you leave a voicemail, and we ring you back.")
            if channels.takes_voicemail
            else _("Out of hours: nobody picks up. Ask for a call back.")
        )
        return Way("phone", title, _answers(facts), later, number=channels.phone)
    if channels.takes_voicemail:
        due = moment(facts.callback_due, facts.reader, facts.now)
        now = _("Leave a voicemail now, and we ring you back by %(time)s.", time=due)
    else:
        now = _("Nobody picks up until %(time)s.", time=_plain(facts))
    later = _("In hours: it reaches %(name)s.", name=facts.name)
    return Way("phone", title, now, later, number=channels.phone)


def _callback(facts: CardFacts) -> Way:
    now = _("Ask now, and we ring you by %(time)s.", time=moment(facts.callback_due, facts.reader, facts.now))
    policy = policy_words(facts.callback_hours)
    later = (
        _("Out of hours: %(within)s of the next opening.", within=policy)
        if facts.is_open
        else _("In hours: %(within)s.", within=policy)
    )
    return Way("callback", _("Call back"), now, later)


def _request(facts: CardFacts) -> Way:
    lines = tuple(f"{severity_name(number)}: {_first(number, facts)}" for number in SEVERITIES)
    later = _("Severities 1 and 2 are answered at any hour, nights and weekends too.")
    return Way("request", _("A request"), _("Each has a promised time. Opened now:"), later, lines=lines)


def _first(severity: int, facts: CardFacts) -> str:
    due = targets(facts.policy, severity, facts.now).first_response
    text = first_answer_by(moment(due, facts.reader, facts.now))
    return text[:1].lower() + text[1:]


def _senior() -> Way:
    now = _("A request of severity 1 or 2 brings one in by itself, at night too.")
    return Way(
        "senior", _("A senior engineer"), now, _("For anything else, ask for one on the request's page.")
    )


def _standard() -> Way:
    return Way("standard", _("Standard support"), _("Open around the clock, for everybody's questions."))


def _answers(facts: CardFacts) -> str:
    """What to expect of the person in hours."""
    until, reader = facts.presence.until, facts.reader
    back = moment_in_words(until, reader, facts.now) if until else ""
    match facts.presence.state:
        case State.IN:
            return _("%(name)s is in now and answers.", name=facts.name)
        case State.ON_CALL if back:
            return _("%(name)s is on a call and free %(time)s.", name=facts.name, time=back)
        case State.ON_CALL:
            return _("%(name)s is on a call and answers afterwards.", name=facts.name)
        case State.AWAY if back:
            return _("%(name)s is back %(time)s.", name=facts.name, time=back)
        case State.AWAY:
            return _("%(name)s is away.", name=facts.name)
    return _("We cannot see %(name)s's calendar right now", name=facts.name)


def _plain(facts: CardFacts) -> str:
    """The next opening as it can stand after "until" and "before"."""
    return moment(next_opening(facts.hours, facts.now), facts.reader, facts.now)
