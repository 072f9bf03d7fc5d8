"""When a contact's specialist is in, as a feed that says nothing else."""

from datetime import date, datetime, timedelta

from ical.calendar_stream import IcsCalendarStream
from ical.event import Event
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from app.booking import service
from app.calendars.models import CalendarAccount, CalendarPicture
from app.customers.models import Assignment, Entitlement
from app.lib.intervals import Interval, merge
from app.lib.packed import pack
from tests.booking.core.desk import NOW, TUESDAY, Desk
from tests.booking.core.test_feed_versions import read_strictly
from tests.world import Member

HOUR = timedelta(hours=1)


def link(desk: Desk, member: Member) -> str:
    _, token = service.make_feed(desk.session, NOW, member.user, "Wall", "presence")
    desk.session.commit()
    return token


def text_of(desk: Desk, token: str) -> str:
    body = service.feed(desk.session.connection(), desk.now, desk.settings, token).write()
    read_strictly(body)
    return body.decode()


def events(desk: Desk, token: str) -> list[Event]:
    return IcsCalendarStream.calendar_from_ics(text_of(desk, token)).events


def spans(desk: Desk, token: str) -> list[Interval]:
    return [Interval(event.dtstart, event.dtend) for event in events(desk, token)]


def on_tuesday(found: list[Interval]) -> list[tuple[int, int]]:
    """From and to on the Tuesday, in minutes since nine in the service zone."""
    nine = TUESDAY - HOUR
    return [
        (int((item.start - nine) / timedelta(minutes=1)), int((item.end - nine) / timedelta(minutes=1)))
        for item in found
        if item.start.date() == TUESDAY.date()
    ]


def set_busy(session: Session, *busy: Interval) -> None:
    session.execute(update(CalendarPicture).values(busy=pack(busy)))
    session.commit()


def test_the_specialist_is_in_during_the_hours_when_nothing_else_is(desk: Desk) -> None:
    token = link(desk, desk.world.vera)
    assert on_tuesday(spans(desk, token)) == [(0, 480)]
    set_busy(desk.session, Interval(TUESDAY, TUESDAY + timedelta(minutes=50)))
    assert on_tuesday(spans(desk, token)) == [(0, 60), (120, 480)]


def test_a_booked_call_is_cut_out_without_a_word_of_whose_it_is(desk: Desk) -> None:
    token = link(desk, desk.world.vera)
    call = desk.book(desk.world.pavel, TUESDAY, topic="Secret plans")
    text = text_of(desk, token)
    for word in (call.uid, call.reference, "Pavel", "Sever", "Secret", "sever.example"):
        assert word not in text
    assert on_tuesday(spans(desk, token))[0] == (0, 60)


def test_every_entry_is_free_time_with_one_sentence_and_the_way_to_book(desk: Desk) -> None:
    found = events(desk, link(desk, desk.world.vera))
    told = {(event.summary, event.transparency, str(event.url), event.location) for event in found}
    assert told == {("Sam is in", "TRANSPARENT", f"{desk.settings.public_url}/book", None)}
    assert all(event.description is None and event.dtstamp == NOW for event in found)


def test_what_stands_outside_of_the_hours_changes_nothing_that_is_told(desk: Desk) -> None:
    token = link(desk, desk.world.vera)
    before = service.feed(desk.session.connection(), desk.now, desk.settings, token).version
    evening = TUESDAY.replace(hour=19)
    set_busy(desk.session, Interval(evening, evening + HOUR))
    assert service.feed(desk.session.connection(), desk.now, desk.settings, token).version == before


def test_the_version_changes_with_what_is_seen(desk: Desk) -> None:
    token = link(desk, desk.world.vera)
    before = service.feed(desk.session.connection(), desk.now, desk.settings, token).version
    set_busy(desk.session, Interval(TUESDAY, TUESDAY + HOUR))
    assert service.feed(desk.session.connection(), desk.now, desk.settings, token).version != before


def test_it_reaches_four_weeks_ahead_without_holidays(desk: Desk) -> None:
    desk.now = datetime.combine(date(2026, 12, 7), NOW.timetz())
    desk.session.execute(update(CalendarAccount).values(in_step_at=desk.now))
    found = {item.start.date() for item in spans(desk, link(desk, desk.world.vera))}
    assert max(found) == date(2026, 12, 31)
    assert date(2026, 12, 24) not in found
    assert date(2026, 12, 25) not in found


def test_it_ends_where_the_option_does(desk: Desk) -> None:
    desk.session.execute(update(Entitlement).values(ends_on=TUESDAY.date()))
    token = link(desk, desk.world.vera)
    assert max(item.start for item in spans(desk, token)).date() == TUESDAY.date()
    desk.session.execute(update(Entitlement).values(ends_on=NOW.date() - timedelta(days=1)))
    assert spans(desk, token) == []
    assert "Sam" not in text_of(desk, token)


def test_a_calendar_that_is_away_is_told(desk: Desk) -> None:
    token = link(desk, desk.world.vera)
    desk.now = NOW + timedelta(hours=1)
    (event,) = events(desk, token)
    assert event.summary == "It is not known at the moment when Sam is in"
    assert Interval(event.dtstart, event.dtend).overlaps(Interval(desk.now, desk.now + HOUR))


def test_without_a_specialist_there_is_an_empty_calendar(desk: Desk) -> None:
    token = link(desk, desk.world.vera)
    desk.session.execute(delete(Assignment))
    desk.session.commit()
    assert events(desk, token) == []


def test_another_company_sees_its_own_specialist(desk: Desk) -> None:
    found = events(desk, link(desk, desk.world.mallory))
    assert {event.summary for event in found} == {"Rita is in"}


def test_what_is_told_lies_in_the_service_window(desk: Desk) -> None:
    found = spans(desk, link(desk, desk.world.vera))
    assert found == merge(found)
    assert {(item.start.hour, item.end.hour) for item in found} == {(8, 16)}
