"""What is handed out about a contact, and that nothing of it is left when they are erased."""

import json
from datetime import date, datetime, timedelta
from typing import Any

import icalendar
import pytest
from sqlalchemy import inspect, select, text, update
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.accounts.errors import NotFound
from app.accounts.links import LinkRequest
from app.accounts.models import AuditEntry, SignInLink, User, UserSession
from app.accounts.tokens.service import make_api_token
from app.booking import service
from app.booking.exporting.errors import CallsAhead, MailOnItsWay
from app.booking.exporting.service import export_contact
from app.booking.exporting.service_erasing import erase_contact
from app.booking.following.calling_off.service import ask_about
from app.booking.models import Attendee, Booking, FeedLink, Proposal, Waiting
from app.booking.values import CallValue
from app.customers.models import Contact
from app.mail.models import IncomingMail, OutgoingMail
from app.verify.service import verify
from tests.booking.core.office import Office, row_of

CANARIES = (
    "vera@nordwind.example",
    "Vera Lindqvist",
    "Canary topic",
    "canary answer",
    "canary note",
    "canary private",
    "+49 30 777",
    "guest@canary.example",
    "Guest Canary",
    "canary comment",
    "canary reason",
    "Canary phone",
    "canary subject",
    "203.0.113.7",
)


def everything(session: Session) -> dict[str, str]:
    """Each text and blob of the database by table, decoded as far as it can be."""
    found: dict[str, str] = {}
    bind = session.get_bind()
    for table in inspect(bind).get_table_names():
        rows = session.execute(text(f'SELECT * FROM "{table}"')).all()
        found[table] = "\n".join(_said(value) for row in rows for value in row)
    return found


def _said(value: Any) -> str:
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("utf-8", "replace")
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)


@pytest.fixture
def call(office: Office) -> CallValue:
    """A confirmed call of Vera's with something of hers in every table that can hold it."""
    vera, session, now = office.world.vera, office.session, office.now
    first, second = office.open_starts(vera)[:2]
    call = office.book(vera, first, topic="Canary topic", way="phone", phone="+49 30 777 1234")
    office.write(call)
    gone = office.book(vera, second, topic="Canary topic")
    office.write(gone)
    office.cancel(vera.user, office.now_of(gone), "canary reason")
    office.write(gone)
    _written_about(session, call, now)
    service.make_feed(session, now, vera.user, "Canary phone")
    accounts.begin_session(session, now, vera.user)
    make_api_token(session, now, vera.email)
    asked = LinkRequest(vera.email, "browser", "123456", "203.0.113.7", "en")
    accounts.record(session, now, vera.email, "hit the limit of sign-in links", "client", "203.0.113.7")
    accounts.ask_for_link(session, now, office.settings, asked)
    session.execute(update(OutgoingMail).values(state="sent", sent_at=now))
    session.commit()
    office.hold(vera, office.open_starts(vera)[2])
    return call


def _written_about(session: Session, call: CallValue, now: datetime) -> None:
    answers = [{"question": "Which version?", "answer": "canary answer"}]
    written = {"answers": answers, "note": "canary note", "private_note": "canary private"}
    session.execute(update(Booking).where(Booking.id == call.id).values(**written))
    session.execute(update(Contact).where(Contact.user_id == call.contact_id).values(phone="+49 30 777 9999"))
    guest = Attendee(
        booking_id=call.id,
        email="guest@canary.example",
        name="Guest Canary",
        comment="canary comment",
        added_at=now,
    )
    session.add(guest)
    session.flush()
    session.add_all(
        [
            Proposal(
                public_id="p",
                booking_id=call.id,
                attendee_id=guest.id,
                starts_at=call.start,
                ends_at=call.end,
                sequence=0,
                comment="canary comment",
                created_at=now,
            ),
            Waiting(
                public_id="w",
                contact_id=call.contact_id,
                specialist_id=call.specialist.user_id,
                call_type_id=call.call_type_id,
                first_day=date(2030, 1, 1),
                last_day=date(2030, 2, 1),
                created_at=now,
            ),
        ]
    )
    _said_by_guest(session, call, now)


def _said_by_guest(session: Session, call: CallValue, now: datetime) -> None:
    said = [("Guest@canary.example", "canary subject"), ("daemon@mx.example", "Lost: guest@canary.example")]
    session.add_all(
        [
            *(
                IncomingMail(identity=one, sender=one, subject=two, outcome="applied", received_at=now)
                for one, two in said
            ),
            AuditEntry(
                at=now,
                actor="guest@canary.example",
                verb="accepted",
                object_type="booking",
                object_id=call.public_id,
                detail={"email": "guest@canary.example", "via": "mail"},
            ),
        ]
    )


def erase(office: Office, call: CallValue) -> int:
    """Erase Vera when the call is over; how many events are left in calendars."""
    later, vera = call.end + timedelta(hours=1), office.world.vera.user
    left = erase_contact(office.session, later, office.settings, office.world.ada.user, vera.public_id)
    office.session.commit()
    return left.events_left


def found_canaries(session: Session) -> list[tuple[str, str]]:
    tables = everything(session)
    return [(name, canary) for name, said in tables.items() for canary in CANARIES if canary in said]


@pytest.mark.postgres
def test_nothing_of_an_erased_contact_is_left_in_any_table(office: Office, call: CallValue) -> None:
    planted = {canary for _, canary in found_canaries(office.session)}
    assert planted == set(CANARIES)
    assert erase(office, call) == 1
    assert found_canaries(office.session) == []
    _no_words_in_mails(office.session)


def _no_words_in_mails(session: Session) -> None:
    """Contents are coded: those of her calls are gone as a whole."""
    rows = session.execute(select(OutgoingMail.subject_key, OutgoingMail.content)).all()
    assert rows
    assert all(content == b"" for _, content in rows)


def test_what_happened_stays(office: Office, call: CallValue) -> None:
    mails = office.session.scalars(select(OutgoingMail.subject_key)).all()
    facts = office.session.execute(select(AuditEntry.at, AuditEntry.verb, AuditEntry.object_type)).all()
    erase(office, call)
    assert office.session.scalars(select(OutgoingMail.subject_key)).all() == mails
    after = office.session.execute(select(AuditEntry.at, AuditEntry.verb, AuditEntry.object_type)).all()
    assert [*after][: len(facts)] == [*facts]
    assert [row.verb for row in [*after][len(facts) :]] == ["erased"]
    kept = office.now_of(call)
    assert (kept.start, kept.status, kept.contact_name) == (call.start, "confirmed", "Erased contact")
    assert verify(office.session, call.end + timedelta(hours=1), office.settings) == []


def test_what_others_have_is_left_alone(office: Office, call: CallValue) -> None:
    pavel = office.world.pavel
    with office.session.begin_nested():
        accounts.begin_session(office.session, office.now, pavel.user)
        service.make_feed(office.session, office.now, pavel.user, "Pavel's")
    erase(office, call)
    names = office.session.scalars(select(FeedLink.name)).all()
    assert names == ["Pavel's"]
    assert office.session.scalars(select(UserSession.user_id)).all() == [pavel.id]
    assert office.session.scalars(select(SignInLink.id)).all() == []


def test_the_address_is_free_for_somebody_new(office: Office, call: CallValue) -> None:
    erase(office, call)
    with pytest.raises(NotFound):
        accounts.find_person(office.session, "vera@nordwind.example")
    office.session.add(
        User(
            public_id="new",
            email="vera@nordwind.example",
            name="Vera again",
            role="contact",
            time_zone="UTC",
            created_at=office.now,
        )
    )
    office.session.commit()
    assert accounts.find_person(office.session, "vera@nordwind.example").name == "Vera again"


def test_coming_calls_must_be_cancelled_first_and_are_named(office: Office, call: CallValue) -> None:
    vera = office.world.vera.user
    with pytest.raises(CallsAhead, match=call.reference):
        erase_contact(office.session, office.now, office.settings, "operator", vera.public_id)
    office.session.rollback()
    assert found_canaries(office.session)


def test_mail_that_still_goes_out_is_waited_for(office: Office, call: CallValue) -> None:
    office.session.execute(update(OutgoingMail).values(state="waiting"))
    office.session.commit()
    with pytest.raises(MailOnItsWay):
        erase(office, call)


def test_a_letter_about_several_peoples_calls_is_waited_for_and_emptied(
    office: Office, call: CallValue
) -> None:
    session, pavel = office.session, office.world.pavel
    first = office.book(pavel, office.open_starts(pavel)[5])
    gone = [row_of(office, first), session.get_one(Booking, call.id)]
    ask_about(session, office.now, office.settings, gone)
    session.commit()
    key = session.scalars(select(OutgoingMail.subject_key).where(OutgoingMail.state == "waiting")).one()
    assert key.startswith(f"booking:{first.id}:")
    with pytest.raises(MailOnItsWay):
        erase(office, call)
    session.rollback()
    session.execute(update(OutgoingMail).values(state="sent"))
    session.commit()
    erase(office, call)
    letter = select(OutgoingMail.content).where(OutgoingMail.subject_key == key)
    assert session.scalars(letter).one() == b""


def test_nobody_is_erased_twice_and_no_specialist_at_all(office: Office, call: CallValue) -> None:
    erase(office, call)
    with pytest.raises(NotFound):
        erase(office, call)
    sam = office.world.sam.user
    with pytest.raises(NotFound):
        erase_contact(office.session, office.now, office.settings, "operator", sam.public_id)


def test_all_that_is_kept_is_handed_out_but_for_what_stays_inside(office: Office, call: CallValue) -> None:
    vera = office.world.vera.user
    files = export_contact(office.session, office.now, office.settings, vera, vera.public_id)
    office.session.commit()
    data = json.loads(files["data.json"])
    assert data["profile"]["email"] == vera.email
    assert data["profile"]["company"] == "Nordwind"
    calls = {item["reference"]: item for item in data["bookings"]}
    assert calls[call.reference]["topic"] == "Canary topic"
    assert calls[call.reference]["answers"][0]["answer"] == "canary answer"
    assert calls[call.reference]["note"] == "canary note"
    assert "guest@canary.example" in [item["email"] for item in calls[call.reference]["attendees"]]
    assert "canary private" not in files["data.json"].decode()
    assert [item["name"] for item in data["feed_links"]] == ["Canary phone"]
    assert len(data["waiting_list"]) == len(data["sessions"]) == 1
    assert len(data["mails_to_you"]) >= 3
    assert all(mail["subject"] and mail["sent_at"] for mail in data["mails_to_you"])
    assert {"booked", "cancelled"} <= {fact["verb"] for fact in data["log"]}
    events = icalendar.Calendar.from_ical(files["calls.ics"]).walk("VEVENT")
    assert [str(event["UID"]) for event in events] == [call.uid]
    verbs = office.session.scalars(select(AuditEntry.verb).where(AuditEntry.actor_id == vera.id)).all()
    assert verbs[-1] == "exported"


def test_no_secret_is_handed_out(office: Office, call: CallValue) -> None:
    vera = office.world.vera.user
    files = export_contact(office.session, office.now, office.settings, vera, vera.public_id)
    hashes = [
        *office.session.scalars(select(FeedLink.token_hash)),
        *office.session.scalars(select(UserSession.token_hash)),
    ]
    assert hashes
    assert not any(secret.encode() in data for secret in hashes for data in files.values())
