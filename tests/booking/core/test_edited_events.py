"""What else a specialist makes of the event of a call."""

from datetime import timedelta

import pytest

from app.booking import jobs
from app.booking.following import queries
from app.calendars.models import CalendarObject
from tests.booking.core.office import WORK, Office, row_of, text_of, two_starts
from tests.support.mail import mail_text

HOUR = timedelta(hours=1)


def test_the_copy_in_the_calendar_gets_the_new_sequence_once(office: Office) -> None:
    start, later = two_starts(office)
    call = office.booked(start)
    office.drag(call, later)
    office.look()
    office.work(call)
    (event,) = office.events()
    assert event.start == later and event["SEQUENCE"] == 1
    before = text_of(office, call)
    office.look()
    office.work(call)
    office.look()
    assert text_of(office, call) == before
    assert office.now_of(call).sequence == office.now_of(call).written_sequence == 1


def test_a_title_of_their_own_is_kept_and_never_mailed(office: Office) -> None:
    start, later = two_starts(office)
    call = office.booked(start)
    office.edit(
        call,
        lambda text: text.replace("SUMMARY:Product support", "SUMMARY:Call me first").replace(
            "END:VEVENT", "BEGIN:VALARM\r\nACTION:AUDIO\r\nTRIGGER:-PT5M\r\nEND:VALARM\r\nEND:VEVENT"
        ),
    )
    office.look()
    assert office.now_of(call).sequence == 0 and office.kinds() == []
    office.move(office.world.vera.user, call, later)
    office.work(call)
    (event,) = office.events()
    assert event.start == later and event["SUMMARY"].startswith("Call me first")
    assert event.walk("VALARM")
    assert office.kinds() == ["updated vera"]


def test_moved_and_retitled_at_once_is_both(office: Office) -> None:
    start, later = two_starts(office)
    call = office.booked(start)
    office.drag(call, later)
    office.edit(call, lambda text: text.replace("SUMMARY:Product support", "SUMMARY:Call me first"))
    office.look()
    office.work(call)
    (event,) = office.events()
    assert office.now_of(call).start == event.start == later
    assert event["SUMMARY"].startswith("Call me first") and event["SEQUENCE"] == 1


def test_a_call_set_free_is_still_booked_and_takes_its_time(office: Office) -> None:
    start, _ = two_starts(office)
    call = office.booked(start)
    office.edit(call, lambda text: text.replace("TRANSP:OPAQUE", "TRANSP:TRANSPARENT"))
    office.look()
    office.look(60)
    assert office.now_of(call).status == "confirmed"
    assert start not in office.open_starts(office.world.pavel)
    assert office.kinds() == []


def test_of_a_call_made_recurring_the_first_counts_and_the_specialist_is_told_once(office: Office) -> None:
    start, _ = two_starts(office)
    call = office.booked(start)
    office.edit(call, lambda text: text.replace("END:VEVENT", "RRULE:FREQ=WEEKLY\r\nEND:VEVENT"))
    office.look()
    office.edit(call, lambda text: text.replace("SUMMARY:Product", "SUMMARY:My product"))
    office.look()
    assert (office.now_of(call).status, office.now_of(call).start) == ("confirmed", start)
    assert office.kinds() == ["made_recurring sam"]
    # What comes after the first is the specialist's own time.
    assert start + timedelta(days=7) not in office.open_starts(office.world.pavel)


def test_a_copy_is_ignored(office: Office) -> None:
    start, later = two_starts(office)
    call = office.booked(start)
    other = office.radicale.make_calendar("sam", "private")
    text = text_of(office, call)
    office.choose_also(other)
    office.radicale.put(
        f"{other}copy.ics", text.replace(f"{start:%Y%m%dT%H%M%SZ}", f"{later:%Y%m%dT%H%M%SZ}")
    )
    office.look()
    office.look(60)
    assert (office.now_of(call).status, office.now_of(call).start) == ("confirmed", start)
    assert row_of(office, call).href == f"{WORK}{call.uid}.ics" and office.kinds() == []


@pytest.mark.postgres
def test_a_call_moved_to_another_calendar_is_adopted_there(office: Office) -> None:
    start, later = two_starts(office)
    call = office.booked(start)
    other = office.radicale.make_calendar("sam", "private")
    office.choose_also(other)
    text = text_of(office, call)
    office.take_out(call)
    office.radicale.put(f"{other}renamed.ics", text)
    office.look()
    office.look(60)
    assert office.now_of(call).status == "confirmed"
    assert row_of(office, call).href == f"{other}renamed.ics"
    office.move(office.world.vera.user, call, later)
    office.work(call)
    assert f"{later:%Y%m%dT%H%M%SZ}" in office.radicale.get(f"{other}renamed.ics")
    assert office.events() == []
    office.cancel(office.world.vera.user, office.now_of(call))
    office.work(call)
    assert office.radicale.paths(other) == []


@pytest.mark.parametrize("is_nameless", [True, False])
def test_an_unreadable_event_keeps_its_call_and_the_specialist_is_told_once(
    office: Office, is_nameless: bool
) -> None:
    start, _ = two_starts(office)
    call = office.booked(start)
    for text in ("nonsense", "other nonsense"):
        # No server here stores such a thing by a PUT; others did (Xandikos).
        stored = office.session.query(CalendarObject).filter_by(href=f"{WORK}{call.uid}.ics").one()
        stored.text, stored.etag, stored.uid = text, text, "" if is_nameless else call.uid
        office.session.commit()
        for _ in range(3):
            jobs.follow_pass(office.session, office.settings, office.now)
        assert office.now_of(call).status == "confirmed" and row_of(office, call).etag == text
        assert queries.suspects(office.session, office.now) == {}
    assert office.kinds() == ["unreadable sam"]
    assert call.contact_name in mail_text(office.mails()[0][1])


def test_a_calendar_that_is_not_connected_any_more_gives_its_calls_to_the_next(office: Office) -> None:
    start, _ = two_starts(office)
    call = office.booked(start)
    other = office.radicale.make_calendar("sam", "private")
    office.choose_instead(other)
    office.look()
    office.look(60)
    office.work(call)
    assert office.now_of(call).status == "confirmed" and office.now_of(call).written_sequence == 0
    assert office.radicale.paths(WORK) == []
    assert office.radicale.paths(other) == [f"{other}{call.uid}.ics"]
    office.look(60)
    office.look(60)
    assert office.now_of(call).status == "confirmed" and office.kinds() == []
