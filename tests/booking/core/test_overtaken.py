"""The specialist changes the event of a call before the call is confirmed, or while the worker writes."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from app.booking.values import CallValue
from app.booking.writing import jobs as writing_jobs
from app.calendars.server.writing import put_new
from tests.booking.core.office import WORK, Office, row_of, two_starts
from tests.booking.core.test_kills import write_killed

HOUR = timedelta(hours=1)


def one_mail_with_the_right_time(office: Office, call: CallValue, start: datetime) -> None:
    """Confirmed where its specialist put it, and the customer reads of one time alone."""
    office.work(call)
    office.look()
    office.look(60)
    found = office.now_of(call)
    assert (found.status, found.start, found.end) == ("confirmed", start, start + call.length)
    assert found.sequence == found.written_sequence == 1
    assert office.reserved() == [call.rules.taken_by(start)]
    ((_, mail),) = office.mails()
    (part,) = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    assert f"DTSTART:{start:%Y%m%dT%H%M%SZ}" in part.get_content() and "SEQUENCE:1" in part.get_content()
    assert office.kinds() == ["invitation vera"]
    assert [event.start for event in office.events() if event["UID"] == call.uid] == [start]


def after_the_put(office: Office, monkeypatch: pytest.MonkeyPatch, change: Callable[[], None]) -> None:
    """Somebody does this between the worker's PUT and its second look."""

    def put_and_change(*arguments: object) -> str:
        etag = put_new(*arguments)  # type: ignore[arg-type]
        change()
        return etag

    monkeypatch.setattr(writing_jobs, "put_new", put_and_change)


@pytest.mark.postgres
def test_moved_before_the_second_look_it_is_confirmed_at_their_time(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    start, later = two_starts(office)
    call = office.book(office.world.vera, start)
    after_the_put(office, monkeypatch, lambda: office.drag(call, later))
    office.work(call)
    one_mail_with_the_right_time(office, call, later)


def test_moved_away_for_an_appointment_of_their_own_it_is_confirmed_at_their_time(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    start, later = two_starts(office)
    call = office.book(office.world.vera, start)

    def change() -> None:
        office.drag(call, later)
        office.appoint(call.span)

    after_the_put(office, monkeypatch, change)
    office.work(call)
    one_mail_with_the_right_time(office, call, later)


@pytest.mark.parametrize("is_taken", [False, True])
@pytest.mark.parametrize("point", ["put_done", "looked_again"])
def test_moved_while_the_worker_was_dead_it_is_confirmed_at_their_time(
    office: Office, database_url: str, point: str, is_taken: bool
) -> None:
    start, later = two_starts(office)
    call = office.book(office.world.vera, start)
    write_killed(office, database_url, call, point)
    office.drag(call, later)
    if is_taken:
        office.appoint(call.span)
    office.work(call)
    one_mail_with_the_right_time(office, call, later)


def test_moved_to_where_it_cannot_be_it_is_a_clash_that_both_hear_of(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    start, _ = two_starts(office)
    call = office.book(office.world.vera, start)
    after_the_put(office, monkeypatch, lambda: office.drag(call, start + 12 * HOUR))
    office.work(call)
    found = office.now_of(call)
    assert (found.status, found.start, found.sequence) == ("clash", start, 0)
    assert office.reserved() == [call.rules.taken_by(start)]
    office.look()
    assert sorted(office.kinds()) == ["clash vera", "misplaced sam"]
    stamps = (f"{start + 12 * HOUR:%Y%m%dT%H%M%SZ}", f"{start:%Y%m%dT%H%M%SZ}")
    ends = (f"{call.end + 12 * HOUR:%Y%m%dT%H%M%SZ}", f"{call.end:%Y%m%dT%H%M%SZ}")
    office.edit(call, lambda text: text.replace(*stamps).replace(*ends))
    office.look()
    office.work(call)
    assert office.now_of(call).status == "confirmed"
    assert sorted(office.kinds()) == ["clash vera", "invitation vera", "misplaced sam"]


def test_retitled_before_the_second_look_it_is_confirmed_and_nothing_is_lost(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = office.book(office.world.vera, two_starts(office)[0])
    retitle = lambda: office.edit(call, lambda text: text.replace("SUMMARY:Product", "SUMMARY:Mine"))  # noqa: E731
    after_the_put(office, monkeypatch, retitle)
    office.work(call)
    office.look()
    assert office.kinds() == ["invitation vera"]
    assert office.events()[0]["SUMMARY"].startswith("Mine")


def test_deleted_before_the_second_look_it_is_called_off_after_two_looks(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = office.book(office.world.vera, two_starts(office)[0])
    after_the_put(office, monkeypatch, lambda: office.take_out(call))
    office.work(call)
    office.look(5)
    assert office.now_of(call).status == "confirmed" and row_of(office, call).missing_since
    office.look(60)
    assert office.now_of(call).status == "cancelled"
    assert office.kinds() == ["invitation vera", "called_off vera"]
    assert office.radicale.paths(WORK) == []


def test_a_customers_move_that_the_specialist_overtakes_is_told_once(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    start, later = two_starts(office)
    call = office.booked(start)
    office.move(office.world.vera.user, call, later)
    put_changed = writing_jobs.put_changed

    def put_and_move(*arguments: object) -> str:
        etag = put_changed(*arguments)  # type: ignore[arg-type]
        at_new = office.now_of(call)
        stamps = (f"{later:%Y%m%dT%H%M%SZ}", f"{later + HOUR:%Y%m%dT%H%M%SZ}")
        ends = (f"{later + call.length:%Y%m%dT%H%M%SZ}", f"{later + HOUR + call.length:%Y%m%dT%H%M%SZ}")
        office.edit(at_new, lambda text: text.replace(*ends).replace(*stamps))
        return etag

    with monkeypatch.context() as patched:
        patched.setattr(writing_jobs, "put_changed", put_and_move)
        office.work(call)
    office.work(call)
    office.look()
    found = office.now_of(call)
    assert (found.status, found.start, found.move) == ("confirmed", later + HOUR, None)
    assert office.kinds() == ["followed vera"]
