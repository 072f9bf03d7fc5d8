"""What a colleague is written about a call: its facts, without anybody's address and without its page."""

from dataclasses import replace
from datetime import datetime
from enum import Enum

from app.booking.events import event_for_contact
from app.booking.guests.values import AttendeeValue, next_sequence
from app.booking.letters.kinds import Kind
from app.booking.letters.letter import Occasion, Reader, call_mail, contact_reader, subject
from app.booking.values import PHONE, CallValue
from app.config import Settings
from app.ical.event import CalendarEvent
from app.invites.compose import cancellation, invitation, proposal_declined, removal
from app.mail.draft import Draft, Party
from app.mail.wording import render, words


class News(Enum):
    """What a colleague is told, by the name of its templates."""

    INVITED = "guest_invitation"
    CHANGED = "guest_updated"
    TAKEN_OVER = "guest_taken_over"
    CANCELLED = "guest_cancelled"
    TAKEN_OFF = "guest_removed"
    PROPOSAL_DECLINED = "proposal_declined"


_SUBJECTS = {
    News.INVITED: Kind.INVITATION,
    News.CHANGED: Kind.UPDATED,
    News.TAKEN_OVER: Kind.TAKEN_OVER,
    News.CANCELLED: Kind.CANCELLED,
    News.TAKEN_OFF: Kind.CANCELLED,
    News.PROPOSAL_DECLINED: Kind.PROPOSAL_DECLINED,
}
INVITES = frozenset({News.INVITED, News.CHANGED, News.TAKEN_OVER})
_COMPOSE = {
    News.CANCELLED: cancellation,
    News.TAKEN_OFF: removal,
    News.PROPOSAL_DECLINED: proposal_declined,
}


def sequence_of(call: CallValue, guest: AttendeeValue, news: News) -> int:
    """The SEQUENCE of a letter: a proposal is declined with that of the invitation that it answers."""
    if news is News.PROPOSAL_DECLINED and guest.sent_sequence is not None:
        return guest.sent_sequence
    return next_sequence(call, guest)


def write_guest_letter(
    call: CallValue,
    guest: AttendeeValue,
    news: News,
    occasion: Occasion,
    settings: Settings,
    now: datetime,
    organizer: str = "",
) -> Draft:
    """The mail to one colleague, in the language and zone of the contact who brought them in.

    Its iTIP part lists this recipient as the only ATTENDEE, which keeps everybody's address from the others,
    and is stamped ``now``: of two messages with one SEQUENCE the later DTSTAMP counts (RFC 5546, 2.1.5).
    ``organizer`` is the ORGANIZER that they answer to, if it is not the address for all.
    """
    reader = replace(contact_reader(call), party=Party(guest.email, guest.name))
    booked_by = f"{call.contact_name}, {call.company_name}"
    page = call_mail(
        call, Occasion(occasion.kind, old=occasion.old, proposed=occasion.proposed), reader, settings
    )
    body = render(news.value, reader.language, replace(page, url="", book_url="", booked_by=booked_by))
    letter = Draft(
        sender=Party(settings.mail_from, call.specialist.name),
        recipient=reader.party,
        subject=subject(call, _SUBJECTS[news], reader),
        text=body.text,
        html=body.html,
        language=reader.language,
    )
    host = Party(organizer or settings.organizer_address, call.specialist.name)
    sequence = sequence_of(call, guest, news)
    event = replace(_event(call, reader, booked_by), sequence=sequence, stamped_at=now)
    if news in INVITES:
        return invitation(letter, event, host, takes_proposals=settings.reads_answers)
    return _COMPOSE[news](letter, event, host)


def _event(call: CallValue, reader: Reader, booked_by: str) -> CalendarEvent:
    _ = words(reader.language).gettext
    if call.way == PHONE:
        people = {"name": call.specialist.name, "contact": call.contact_name, "number": call.phone}
        how = _("%(name)s rings %(contact)s: %(number)s") % people
    else:
        how = _("Video call: %(link)s") % {"link": call.room_url}
    who = _("Booked by: %(who)s") % {"who": booked_by}
    paragraphs = (call.topic, how, who, _("Reference") + ": " + call.reference)
    description = "\n\n".join(text for text in paragraphs if text)
    event = event_for_contact(call, call.span, "")
    return replace(event, description=description, url="", contact=booked_by)
