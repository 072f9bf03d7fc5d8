"""The rules for what leaves us find what breaks them."""

import pytest

from app.ical.feed import compose_feed
from app.ical.itip import compose_cancel, compose_request
from app.mail.draft import CalendarPart, Draft, Party, to_bytes
from tests.booking.core.desk import NOW
from tests.ical.values import SERVICE, VERA, an_event
from tests.support.strict import faults_of_calendar, faults_of_feed, faults_of_mail


def mail(body: bytes, method: str = "REQUEST", to: str = VERA.address) -> bytes:
    sender = Party(SERVICE.address, "Sam Žák")
    draft = Draft(
        sender, Party(to, "Vera"), "Invitation", "Téxt", "<p>Téxt</p>", "en", CalendarPart(method, body)
    )
    return to_bytes(draft, "<a@attache.example>", "<b@attache.example>", NOW)


def test_what_we_write_has_no_faults() -> None:
    assert faults_of_mail(mail(compose_request(an_event(), SERVICE, VERA))) == []
    assert faults_of_mail(mail(compose_cancel(an_event(sequence=2), SERVICE, VERA), "CANCEL")) == []
    assert faults_of_feed(compose_feed("Calls", [an_event()])) == []
    assert faults_of_feed(compose_feed("Calls", [])) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (b"\r\n", b"\n", "CR LF"),
        (b"SUMMARY:", b"SUMMARY:\x07", "control"),
        (b"DTSTART:20261123T080000Z", b"DTSTART:20261123T080000", "not in UTC"),
        (b"METHOD:REQUEST", b"METHOD:PUBLISH", "beside and inside"),
        (b"mailto:vera", b"mailto:otto", "attendees"),
        (b"SEQUENCE:0\r\n", b"", "without ['SEQUENCE']"),
        (b"TRANSP:OPAQUE", b"ATTACH:https://example.com/x", "ATTACH"),
        (b"SUMMARY:", b"SUMMARY:" + b"x" * 80, "75 octets"),
        (b"DTEND:", b"DTEND;X=", "DTEND"),
    ],
)
def test_planted_faults_are_found(old: bytes, new: bytes, fault: str) -> None:
    body = compose_request(an_event(), SERVICE, VERA)
    assert old in body
    assert any(fault in found for found in faults_of_mail(mail(body.replace(old, new))))


def test_a_mail_to_somebody_else_than_the_attendee_is_found() -> None:
    body = compose_request(an_event(), SERVICE, VERA)
    assert any("attendees" in found for found in faults_of_mail(mail(body, to="otto@krause.example")))


def test_what_no_parser_reads_is_found() -> None:
    assert faults_of_calendar(
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
