"""Private feeds, read by an independent parser."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from ical.calendar_stream import IcsCalendarStream
from sqlalchemy import select, update

from app.accounts.errors import NotFound
from app.accounts.models import User
from app.booking import service
from app.booking.models import Booking, FeedLink
from app.booking.values import CallValue
from app.lib.text import UncleanText
from tests.booking.core.desk import NOW, TUESDAY, Desk
from tests.world import Member

HOUR = timedelta(hours=1)


def link(desk: Desk, member: Member, name: str = "Phone") -> str:
    _, token = service.make_feed(desk.session, NOW, member.user, name)
    desk.session.commit()
    return token


@dataclass(frozen=True)
class Answer:
    """What a poll comes to."""

    version: str
    body: bytes


def read(desk: Desk, token: str) -> Answer:
    found = service.feed(desk.session.connection(), desk.now, desk.settings, token)
    return Answer(found.version, found.write())


def uids(feed: Answer) -> set[str]:
    return {str(event.uid) for event in IcsCalendarStream.calendar_from_ics(feed.body.decode()).events}


def confirmed(desk: Desk, call: CallValue) -> CallValue:
    values = {"status": "confirmed", "confirmed_at": NOW, "written_sequence": call.sequence}
    desk.session.execute(update(Booking).where(Booking.id == call.id).values(**values))
    desk.session.commit()
    return call


def test_a_feed_holds_exactly_its_owners_confirmed_calls(desk: Desk) -> None:
    token, of_sam = link(desk, desk.world.vera), link(desk, desk.world.sam)
    mine = confirmed(desk, desk.book(desk.world.vera))
    desk.book(desk.world.vera, TUESDAY + HOUR)
    gone = confirmed(desk, desk.book(desk.world.vera, TUESDAY + 2 * HOUR))
    desk.cancel(desk.world.vera.user, gone)
    other = confirmed(desk, desk.book(desk.world.pavel, TUESDAY + 3 * HOUR))
    assert uids(read(desk, token)) == {mine.uid}
    assert uids(read(desk, of_sam)) == {mine.uid, other.uid}


def test_an_empty_feed_is_a_calendar(desk: Desk) -> None:
    assert uids(read(desk, link(desk, desk.world.vera))) == set()


def test_nothing_changed_means_the_same_bytes_and_version(desk: Desk) -> None:
    token = link(desk, desk.world.vera)
    call = confirmed(desk, desk.book(desk.world.vera))
    before = read(desk, token)
    desk.now = NOW + timedelta(hours=3)
    assert read(desk, token) == before
    desk.now = NOW
    desk.cancel(desk.world.vera.user, call)
    assert read(desk, token).version != before.version


def test_a_call_on_the_move_stands_at_its_old_time_with_its_old_sequence(desk: Desk) -> None:
    token = link(desk, desk.world.vera)
    call = confirmed(desk, desk.book(desk.world.vera))
    desk.move(desk.world.vera.user, call, TUESDAY + 2 * HOUR)
    (event,) = IcsCalendarStream.calendar_from_ics(read(desk, token).body.decode()).events
    assert (event.dtstart, event.sequence) == (TUESDAY, 0)


def test_calls_of_long_ago_are_left_out(desk: Desk) -> None:
    token = link(desk, desk.world.vera)
    confirmed(desk, desk.book(desk.world.vera))
    desk.now = TUESDAY + timedelta(days=30)
    assert len(uids(read(desk, token))) == 1
    desk.now = TUESDAY + timedelta(days=31)
    assert uids(read(desk, token)) == set()


def test_no_address_of_the_other_side_leaves_in_a_feed(desk: Desk) -> None:
    token = link(desk, desk.world.sam)
    confirmed(desk, desk.book(desk.world.vera))
    assert b"nordwind.example" not in read(desk, token).body


def test_the_sequence_never_goes_down_when_a_call_whose_people_changed_is_to_be_moved(desk: Desk) -> None:
    token, call = link(desk, desk.world.vera), confirmed(desk, desk.book(desk.world.vera))
    # A senior has joined, and the specialist's own calendar has not been told yet.
    raised = update(Booking).where(Booking.id == call.id).values(sequence=call.sequence + 1)
    desk.session.execute(raised)
    desk.session.commit()
    before = sequence_of(read(desk, token))
    desk.move(desk.world.vera.user, call, TUESDAY + 2 * HOUR)
    assert sequence_of(read(desk, token)) == before == 1


def sequence_of(feed: Answer) -> int | None:
    """The SEQUENCE of its only entry."""
    (event,) = IcsCalendarStream.calendar_from_ics(feed.body.decode()).events
    return event.sequence


def test_links_are_named_listed_and_removed(desk: Desk) -> None:
    token, other = link(desk, desk.world.vera, "Phone"), link(desk, desk.world.vera, "Laptop")
    links = service.feeds(desk.session, desk.world.vera.id)
    assert [item.name for item in links] == ["Phone", "Laptop"]
    with pytest.raises(NotFound):
        service.remove_feed(desk.session, NOW, desk.world.pavel.user, links[0].public_id)
    service.remove_feed(desk.session, NOW, desk.world.vera.user, links[0].public_id)
    desk.session.commit()
    with pytest.raises(NotFound):
        read(desk, token)
    assert read(desk, other)
    with pytest.raises(UncleanText):
        service.make_feed(desk.session, NOW, desk.world.vera.user, " ")


def test_a_token_is_kept_as_a_hash_and_dies_with_its_owner(desk: Desk) -> None:
    token = link(desk, desk.world.vera)
    assert token not in "".join(desk.session.scalars(select(FeedLink.token_hash)))
    desk.session.execute(update(User).where(User.id == desk.world.vera.id).values(is_active=False))
    desk.session.commit()
    for wrong in (token, "", "x"):
        with pytest.raises(NotFound):
            read(desk, wrong)
