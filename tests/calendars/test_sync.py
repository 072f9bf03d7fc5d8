"""The sync against a real server: what the replica and the picture hold afterwards."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.calendars.errors import CredentialsRefused, Doubtful, NoCalendar
from app.calendars.jobs import sync_account
from app.calendars.models import CalendarObject, CalendarSpan
from app.calendars.service import choose, connect, hours_objects, picture, problems
from app.calendars.values import CalendarView
from app.config import Settings
from app.lib.intervals import Interval
from tests.calendars.world import HOURS, NOW, WORK, Connected, account_row, add_sam, connect_sam, ics
from tests.support.queries import QueryRecorder
from tests.support.radicale import Radicale

DAY = Interval(datetime(2026, 11, 24, tzinfo=UTC), datetime(2026, 11, 25, tzinfo=UTC))


def at(hour: int, minute: int = 0, day: int = 24) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def view(session: Session, sam: Connected, span: Interval = DAY) -> CalendarView:
    found = picture(session, sam.person_id, span)
    assert found is not None
    return found


@pytest.fixture
def sam(session: Session, settings: Settings, radicale: Radicale) -> Connected:
    radicale.make_calendar("sam", "work", "Work")
    radicale.make_calendar("sam", "hours", "Working hours")
    return connect_sam(session, settings, radicale.home("sam"))


@pytest.mark.postgres
def test_the_first_sync_reads_all_chosen_calendars(
    session: Session, settings: Settings, radicale: Radicale, sam: Connected
) -> None:
    radicale.put(WORK + "a.ics", ics("a"))
    radicale.put(HOURS + "h.ics", ics("h", "20261124T080000Z", "20261124T160000Z", "TRANSP:TRANSPARENT"))
    radicale.put(HOURS + "off.ics", ics("off", "20261125", "20261126"))
    assert sync_account(session, settings, NOW, sam.account_id)
    seen = view(session, sam, Interval(at(0), at(0, day=27)))
    assert tuple(seen.busy) == (Interval(at(9), at(10)),)
    assert seen.working == (Interval(at(8), at(16)),)
    assert seen.time_off == (Interval(at(23), at(23, day=25)),)
    assert (seen.as_of, seen.state) == (NOW, "ok")
    assert seen.covered == Interval(NOW - timedelta(days=1), NOW + timedelta(days=70))


def test_free_and_cancelled_events_do_not_block_and_tentative_ones_do(
    session: Session, settings: Settings, radicale: Radicale, sam: Connected
) -> None:
    radicale.put(WORK + "free.ics", ics("free", "20261124T070000Z", "20261124T080000Z", "TRANSP:TRANSPARENT"))
    radicale.put(WORK + "gone.ics", ics("gone", "20261124T110000Z", "20261124T120000Z", "STATUS:CANCELLED"))
    radicale.put(WORK + "maybe.ics", ics("maybe", "20261124T130000Z", "20261124T140000Z", "STATUS:TENTATIVE"))
    sync_account(session, settings, NOW, sam.account_id)
    assert tuple(view(session, sam).busy) == (Interval(at(13), at(14)),)


def test_an_invitation_that_the_owner_declined_does_not_block(
    session: Session, settings: Settings, radicale: Radicale, sam: Connected
) -> None:
    answer = "ATTENDEE;PARTSTAT=DECLINED:mailto:Sam@attache.example"
    radicale.put(WORK + "no.ics", ics("no", "20261124T090000Z", "20261124T100000Z", answer))
    sync_account(session, settings, NOW, sam.account_id)
    assert tuple(view(session, sam).busy) == ()


def test_own_events_are_told_apart(
    session: Session, settings: Settings, radicale: Radicale, sam: Connected
) -> None:
    uid = "attache-6f3c1c35-5f0e-4a0a-9d0c-2b6e7b0f6a11"
    radicale.put(WORK + f"{uid}.ics", ics(uid))
    sync_account(session, settings, NOW, sam.account_id)
    seen = view(session, sam)
    assert tuple(seen.busy) == ()
    assert [(own.uid, own.start, own.end) for own in seen.own] == [(uid, at(9), at(10))]


@pytest.mark.postgres
def test_changes_and_removals_follow(
    session: Session, settings: Settings, radicale: Radicale, sam: Connected
) -> None:
    for name in ("a", "b", "c"):
        radicale.put(WORK + f"{name}.ics", ics(name))
    sync_account(session, settings, NOW, sam.account_id)
    radicale.put(WORK + "a.ics", ics("a", "20261124T110000Z", "20261124T120000Z"))
    radicale.delete(WORK + "b.ics")
    radicale.delete(WORK + "c.ics")
    assert sync_account(session, settings, NOW + timedelta(minutes=1), sam.account_id)
    assert tuple(view(session, sam).busy) == (Interval(at(11), at(12)),)


def test_an_unchanged_account_costs_one_report_a_calendar_and_one_update(
    session: Session,
    settings: Settings,
    radicale: Radicale,
    sam: Connected,
    count_queries: Callable[[], AbstractContextManager[QueryRecorder]],
) -> None:
    radicale.put(WORK + "a.ics", ics("a"))
    sync_account(session, settings, NOW, sam.account_id)
    later = NOW + timedelta(minutes=1)
    with count_queries() as queries:
        assert not sync_account(session, settings, later, sam.account_id)
    assert len(queries.starting_with("SELECT")) == 2
    assert len(queries.starting_with("UPDATE")) == 1
    assert len(queries) == 3
    account = account_row(session, sam)
    assert account.in_step_at == later
    assert later < account.next_sync_at < later + settings.sync_interval


def test_the_picture_is_two_queries(
    session: Session,
    settings: Settings,
    sam: Connected,
    count_queries: Callable[[], AbstractContextManager[QueryRecorder]],
) -> None:
    sync_account(session, settings, NOW, sam.account_id)
    with count_queries() as queries:
        view(session, sam)
    assert len(queries) == 2


def test_recurrences_are_expanded_again_when_the_window_has_moved(
    session: Session, settings: Settings, radicale: Radicale, sam: Connected
) -> None:
    radicale.put(WORK + "w.ics", ics("w", "20261124T090000Z", "20261124T100000Z", "RRULE:FREQ=DAILY"))
    sync_account(session, settings, NOW, sam.account_id)
    first = session.scalar(select(func.max(CalendarSpan.starts_at)))
    sync_account(session, settings, NOW + timedelta(days=2), sam.account_id)
    last = session.scalar(select(func.max(CalendarSpan.starts_at)))
    assert first is not None
    assert last == first + timedelta(days=2)


def test_an_event_that_cannot_be_read_wholly_blocks_and_is_listed(
    session: Session, settings: Settings, radicale: Radicale, sam: Connected
) -> None:
    radicale.put(WORK + "odd.ics", ics("odd", "20261124T090000Z", "20261124T090100Z", "RRULE:FREQ=MINUTELY"))
    radicale.put(WORK + "a.ics", ics("a", "20261124T110000Z", "20261124T120000Z"))
    sync_account(session, settings, NOW, sam.account_id)
    busy = tuple(view(session, sam).busy)
    assert any(item.overlaps(Interval(at(9), at(9, 1))) for item in busy)
    assert Interval(at(11), at(12)) in busy or any(item.contains(Interval(at(11), at(12))) for item in busy)
    (problem,) = problems(session, sam.person_id)
    assert (problem.account_id, problem.calendar, problem.title) == (sam.account_id, "work", "odd")


@pytest.mark.postgres
def test_a_calendar_that_is_suddenly_empty_is_not_believed(
    session: Session, settings: Settings, radicale: Radicale, sam: Connected
) -> None:
    for name in ("a", "b", "c"):
        radicale.put(WORK + f"{name}.ics", ics(name))
    sync_account(session, settings, NOW, sam.account_id)
    for name in ("a", "b", "c"):
        radicale.delete(WORK + f"{name}.ics")
    with pytest.raises(Doubtful) as caught:
        sync_account(session, settings, NOW + timedelta(minutes=1), sam.account_id)
    assert caught.value.reason == "emptied"
    seen = view(session, sam)
    assert tuple(seen.busy) == (Interval(at(9), at(10)),)
    assert (seen.as_of, seen.state, seen.since) == (NOW, "missing", NOW + timedelta(minutes=1))


def test_a_calendar_that_is_gone_keeps_what_was_known(
    session: Session, settings: Settings, radicale: Radicale, sam: Connected
) -> None:
    radicale.put(WORK + "a.ics", ics("a"))
    sync_account(session, settings, NOW, sam.account_id)
    radicale.delete(WORK)
    with pytest.raises(Doubtful):
        sync_account(session, settings, NOW + timedelta(minutes=1), sam.account_id)
    assert tuple(view(session, sam).busy) == (Interval(at(9), at(10)),)
    assert account_row(session, sam).state_detail == "gone"


def test_a_recreated_calendar_with_other_objects_is_not_believed(
    session: Session, settings: Settings, radicale: Radicale, sam: Connected
) -> None:
    for name in ("a", "b", "c"):
        radicale.put(WORK + f"{name}.ics", ics(name))
    sync_account(session, settings, NOW, sam.account_id)
    radicale.delete(WORK)
    radicale.make_calendar("sam", "work")
    radicale.put(WORK + "d.ics", ics("d", "20261124T150000Z", "20261124T160000Z"))
    with pytest.raises(Doubtful) as caught:
        sync_account(session, settings, NOW + timedelta(minutes=1), sam.account_id)
    assert caught.value.reason == "another"
    assert tuple(view(session, sam).busy) == (Interval(at(9), at(10)),)


def test_choosing_again_believes_what_stands_there(
    session: Session, settings: Settings, radicale: Radicale, sam: Connected
) -> None:
    for name in ("a", "b", "c"):
        radicale.put(WORK + f"{name}.ics", ics(name))
    sync_account(session, settings, NOW, sam.account_id)
    for name in ("a", "b", "c"):
        radicale.delete(WORK + f"{name}.ics")
    with pytest.raises(Doubtful):
        sync_account(session, settings, NOW + timedelta(minutes=1), sam.account_id)
    choose(session, account_row(session, sam), {WORK: "busy"}, WORK)
    session.commit()
    sync_account(session, settings, NOW + timedelta(minutes=2), sam.account_id)
    seen = view(session, sam)
    assert (tuple(seen.busy), seen.state) == ((), "ok")


def test_refused_credentials_are_tried_once(
    session: Session, settings: Settings, radicale: Radicale, sam: Connected
) -> None:
    connect(session, NOW, settings, sam.person_id, radicale.home("sam"), "sam", "wrong")
    session.commit()
    for moment in (NOW, NOW + timedelta(minutes=10)):
        with pytest.raises(CredentialsRefused):
            sync_account(session, settings, moment, sam.account_id)
    account = account_row(session, sam)
    assert (account.state, account.failures) == ("refused", 1)
    connect(session, NOW, settings, sam.person_id, radicale.home("sam"), "sam", "sam-secret")
    session.commit()
    sync_account(session, settings, NOW + timedelta(minutes=11), sam.account_id)
    assert account_row(session, sam).state == "ok"


def test_a_password_opens_only_for_its_own_server_and_user(
    session: Session, settings: Settings, radicale: Radicale, sam: Connected
) -> None:
    account = account_row(session, sam)
    account.username = "rita"
    session.commit()
    with pytest.raises(CredentialsRefused) as caught:
        sync_account(session, settings, NOW, sam.account_id)
    assert caught.value.reason == "sealed"


def test_without_an_account_there_is_nothing_to_read(session: Session, settings: Settings) -> None:
    person = add_sam(session).id
    with pytest.raises(NoCalendar):
        sync_account(session, settings, NOW, person)
    assert picture(session, person, DAY) is None


def test_hours_objects_are_those_of_the_hours_calendar(
    session: Session, settings: Settings, radicale: Radicale, sam: Connected
) -> None:
    etag = radicale.put(HOURS + "h.ics", ics("h"))
    radicale.put(WORK + "a.ics", ics("a"))
    sync_account(session, settings, NOW, sam.account_id)
    found = hours_objects(session, sam.person_id)
    assert list(found) == [HOURS + "h.ics"]
    assert found[HOURS + "h.ics"][0] == etag


def test_a_full_comparison_is_made_after_six_hours(
    session: Session, settings: Settings, radicale: Radicale, sam: Connected
) -> None:
    radicale.put(WORK + "a.ics", ics("a"))
    sync_account(session, settings, NOW, sam.account_id)
    session.query(CalendarObject).filter_by(href=WORK + "a.ics").update({"etag": '"stale"'})
    session.commit()
    assert not sync_account(session, settings, NOW + timedelta(hours=5), sam.account_id)
    assert sync_account(session, settings, NOW + timedelta(hours=6), sam.account_id)
