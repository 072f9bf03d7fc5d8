"""Writing bookings on servers that refuse, rename, overwrite, or lose their calendar."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from app.booking.models import Booking
from app.booking.values import CallValue
from app.booking.writing import jobs_round
from app.calendars.errors import NoRight
from app.calendars.service import open_client
from tests.booking.core.odd_servers import (
    OddClient,
    ignores_conditions,
    is_always_overtaken,
    refuses,
    renames,
)
from tests.booking.core.office import WORK, Office, two_starts
from tests.support.radicale import Radicale

Odd = Callable[..., None]


@pytest.fixture
def odd(monkeypatch: pytest.MonkeyPatch) -> Odd:
    """From now on the server behaves like this."""

    def behave(**methods: Callable[..., Any]) -> None:
        monkeypatch.setattr(jobs_round, "open_client", lambda *args: OddClient(open_client(*args), **methods))

    return behave


def row_of(office: Office, call: CallValue) -> Booking:
    office.session.rollback()
    return office.session.get_one(Booking, call.id, populate_existing=True)


@pytest.mark.parametrize("reason", ["quota", "too_large", "locked"])
def test_a_write_that_only_people_can_help_pauses_with_its_reason(
    office: Office, odd: Odd, reason: str
) -> None:
    call = office.book(office.world.vera, two_starts(office)[0])
    odd(put=refuses(NoRight(reason)))
    assert office.write(call) == timedelta(seconds=60)
    assert office.now_of(call).status == "pending"
    assert office.now_of(call).calendar_trouble == f"calendar_right {reason}"
    odd()
    office.work(call)
    assert (office.now_of(call).status, office.now_of(call).calendar_trouble) == ("confirmed", "")


def test_an_event_that_the_server_puts_elsewhere_is_adopted_and_cancelled_there(
    office: Office, odd: Odd
) -> None:
    start, later = two_starts(office)
    call = office.book(office.world.vera, start)
    odd(put=renames)
    office.work(call)
    assert office.now_of(call).status == "confirmed" and len(office.events()) == 1
    assert row_of(office, call).href == f"{WORK}chosen-by-server.ics"
    odd()
    office.move(office.world.vera.user, call, later)
    office.work(call)
    assert [event.start for event in office.events()] == [later]
    office.cancel(office.world.vera.user, office.now_of(call))
    office.work(call)
    assert office.events() == []


def test_a_server_that_ignores_conditions_does_not_lose_what_the_specialist_made_of_it(
    office: Office, odd: Odd
) -> None:
    start, later = two_starts(office)
    call = office.booked(start)
    odd(put=ignores_conditions(office))
    office.edit(call, lambda text: text.replace("SUMMARY:Product", "SUMMARY:My product"))
    office.move(office.world.vera.user, call, later)
    office.work(call)
    (event,) = office.events()
    assert event.start == later and event["SUMMARY"].startswith("My product")


def test_a_server_that_ignores_conditions_does_not_lose_where_the_specialist_put_it(
    office: Office, odd: Odd
) -> None:
    start, later = two_starts(office)
    call = office.booked(start)
    odd(put=ignores_conditions(office))
    office.drag(call, start + timedelta(hours=1))
    office.move(office.world.vera.user, call, later)
    office.work(call)
    assert [event.start for event in office.events()] == [start + timedelta(hours=1)]
    assert office.now_of(call).start == start + timedelta(hours=1)


def test_somebody_who_changes_it_each_time_is_not_raced_against(office: Office, odd: Odd) -> None:
    start, later = two_starts(office)
    call = office.booked(start)
    puts: list[str] = []
    odd(put=is_always_overtaken(office, puts))
    office.move(office.world.vera.user, call, later)
    assert office.write(call) == timedelta(seconds=60)
    assert len(puts) == 3
    assert office.now_of(call).calendar_trouble == "calendar_changed keeps_changing"
    odd()
    office.work(call)
    assert office.now_of(call).start == later


def test_calls_of_a_calendar_that_was_deleted_wait_and_go_where_the_specialist_says(
    office: Office, radicale: Radicale
) -> None:
    start, later = two_starts(office)
    confirmed = office.booked(start)
    waiting = office.book(office.world.pavel, later)
    other = radicale.make_calendar("sam", "private")
    radicale.delete(WORK)
    assert office.write(waiting) == timedelta(seconds=60)
    assert office.now_of(waiting).calendar_trouble
    assert [office.now_of(call).status for call in (confirmed, waiting)] == ["confirmed", "pending"]
    office.choose_instead(other)
    office.look()
    for call in (confirmed, waiting):
        office.work(call)
    office.look(60)
    office.look(60)
    assert [office.now_of(call).status for call in (confirmed, waiting)] == ["confirmed"] * 2
    assert radicale.paths(other) == sorted(f"{other}{call.uid}.ics" for call in (confirmed, waiting))
    assert office.kinds() == ["invitation pavel"]


def test_what_is_cancelled_leaves_only_our_own_behind(office: Office, radicale: Radicale) -> None:
    call = office.booked(two_starts(office)[0])
    text = radicale.get(f"{WORK}{call.uid}.ics")
    radicale.put(f"{WORK}mine.ics", text.replace(call.uid, "a-copy-of-my-own"))
    office.look()
    office.cancel(office.world.vera.user, call)
    office.work(call)
    assert [str(event["UID"]) for event in office.events()] == ["a-copy-of-my-own"]


def test_a_cancel_while_the_specialist_moves_wins_and_is_told_once(office: Office) -> None:
    start, later = two_starts(office)
    call = office.booked(start)
    office.cancel(office.world.vera.user, call)
    office.drag(call, later)
    office.look()
    office.work(call)
    office.look(60)
    assert office.events() == [] and office.kinds() == ["cancelled vera"]
