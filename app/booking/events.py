"""A call as an entry of a calendar: the specialist's, and the contact's own."""

from collections.abc import Iterable
from dataclasses import replace

from app.booking.guests.values import AttendeeValue
from app.booking.values import PHONE, CallValue
from app.customers.profiles import SpecialistProfile
from app.ical.event import CalendarEvent
from app.ical.people import Person
from app.lib.intervals import Interval
from app.mail.wording import words


def call_url(call: CallValue, public_url: str) -> str:
    """The call's page, the same for contact and specialist."""
    return f"{public_url}/calls/{call.public_id}"


def with_attendees(
    event: CalendarEvent, call: CallValue, people: Iterable[AttendeeValue], organizer: str
) -> CalendarEvent:
    """The specialist's event with everybody who is invited, for a server that mails nobody.

    ``organizer`` is the address of the service, as in the mails.
    """
    host = Person(organizer, call.specialist.name)
    return replace(event, organizer=host, attendees=as_persons(people))


def as_persons(people: Iterable[AttendeeValue]) -> tuple[Person, ...]:
    """Attendees as an event lists them, with their answers."""
    return tuple(Person(one.email, one.name, one.partstat) for one in people)


def our_names(call: CallValue, language: str) -> str:
    """Who takes part for us: "Sam Horvath", or with a senior "Sam Horvath and Lev Orlov"."""
    if call.senior is None:
        return call.specialist.name
    names = {"first": call.specialist.name, "second": call.senior.name}
    return words(language).gettext("%(first)s and %(second)s") % names


def event_for_specialist(
    call: CallValue, span: Interval, public_url: str, owner: SpecialistProfile | None = None
) -> CalendarEvent:
    """What stands in the specialist's calendar, or in that of the senior (``owner``), in their language."""
    language = (owner or call.specialist).language
    _ = words(language).gettext
    if call.way == PHONE:
        how = _("Phone: %(number)s") % {"number": call.phone}
    else:
        how = _("Video call: %(link)s") % {"link": call.room_url}
    who = _("With: %(name)s, %(company)s") % {"name": call.contact_name, "company": call.company_name}
    if call.senior is not None:
        who += "\n" + _("From our side: %(names)s") % {"names": our_names(call, language)}
    name = f"{call.call_type_name(language)}: {call.contact_name}, {call.company_name}"
    answers = "\n".join(item.line for item in call.answers)
    paragraphs = [call.topic, answers, f"{how}\n{who}", call_url(call, public_url)]
    return _event(call, span, name, paragraphs, public_url)


def has_our_words(notes: str, wanted: CalendarEvent, language: str) -> bool:
    """Whether the notes are those that we write, but for who takes part for us, and in whose room."""
    return _lasting(notes, language) == _lasting(wanted.description, language)


def _lasting(notes: str, language: str) -> list[str]:
    _ = words(language).gettext
    changing = tuple(
        text.partition("%(")[0] for text in (_("From our side: %(names)s"), _("Video call: %(link)s"))
    )
    return [word for line in notes.splitlines() if not line.startswith(changing) for word in line.split()]


def event_for_contact(call: CallValue, span: Interval, public_url: str) -> CalendarEvent:
    """What stands in the contact's calendar, in their language."""
    language = call.contact_language
    _ = words(language).gettext
    if call.way == PHONE:
        how = _("%(name)s rings you: %(number)s") % {"name": call.specialist.name, "number": call.phone}
    else:
        how = _("Video call: %(link)s") % {"link": call.room_url}
    link = _("Change or cancel the call") + ": " + call_url(call, public_url)
    name = f"{call.call_type_name(language)}: {our_names(call, language)}"
    return _event(call, span, name, [call.topic, how, link], public_url)


def _event(
    call: CallValue, span: Interval, summary: str, paragraphs: list[str], public_url: str
) -> CalendarEvent:
    return CalendarEvent(
        uid=call.uid,
        starts_at=span.start,
        ends_at=span.end,
        summary=summary,
        description="\n\n".join(paragraph for paragraph in paragraphs if paragraph),
        location=call.phone if call.way == PHONE else call.room_url,
        url=call_url(call, public_url),
        contact=f"{call.contact_name}, {call.company_name}, {call.contact_email}",
        sequence=call.sequence,
        stamped_at=call.changed_at,
        created_at=call.created_at,
        reference=call.reference,
    )
