"""Invitations as mails: one recipient, one iTIP message (RFC 5546), carried as RFC 6047 wants it."""

from dataclasses import replace

from app.ical.event import CalendarEvent
from app.ical.itip import compose_cancel, compose_decline_counter, compose_removal, compose_request
from app.ical.people import Person
from app.mail.draft import CalendarPart, Draft, Party


def invitation(
    letter: Draft, event: CalendarEvent, organizer: Party, *, takes_proposals: bool = False
) -> Draft:
    """The letter with what puts the call into its recipient's calendar, or moves it there: SEQUENCE rose.

    The organizer's address is where calendar programs send their answers; it stays the same for the life
    of the UID, because they refuse changes by another.
    """
    body = compose_request(
        event, _person(organizer), _person(letter.recipient), takes_proposals=takes_proposals
    )
    return replace(letter, calendar=CalendarPart("REQUEST", body))


def cancellation(letter: Draft, event: CalendarEvent, organizer: Party) -> Draft:
    """The letter with what takes the call out of its recipient's calendar."""
    body = compose_cancel(event, _person(organizer), _person(letter.recipient))
    return replace(letter, calendar=CalendarPart("CANCEL", body))


def removal(letter: Draft, event: CalendarEvent, organizer: Party) -> Draft:
    """The letter with what takes the call, which goes on without them, out of its recipient's calendar."""
    body = compose_removal(event, _person(organizer), _person(letter.recipient))
    return replace(letter, calendar=CalendarPart("CANCEL", body))


def proposal_declined(letter: Draft, event: CalendarEvent, organizer: Party) -> Draft:
    """The letter with the answer to its recipient's COUNTER; Outlook reads the letter alone."""
    body = compose_decline_counter(event, _person(organizer), _person(letter.recipient))
    return replace(letter, calendar=CalendarPart("DECLINECOUNTER", body))


def _person(party: Party) -> Person:
    return Person(party.address, party.name)
