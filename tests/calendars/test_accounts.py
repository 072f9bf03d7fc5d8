"""Several accounts a person: what they show together, and choosing, changing and removing them."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.calendars.errors import CalendarTrouble, NoCalendar
from app.calendars.jobs import sync_account, sync_person
from app.calendars.models import CalendarAccount, CalendarObject, CalendarSpan
from app.calendars.service import (
    accounts_of,
    change_password,
    choose,
    connect,
    objects_with_uid,
    open_hours,
    open_store,
    picture,
    rechoose,
    remember,
    remove_account,
    sync_soon,
)
from app.calendars.values import KEPT, KEPT_HREF, AccountView, CalendarView
from app.config import Settings
from app.lib.intervals import Interval
from tests.calendars.world import HOURS, NOW, WORK, Connected, account_row, connect_sam, ics
from tests.support.queries import recorded_queries
from tests.support.radicale import Radicale, password

DAY = Interval(datetime(2026, 11, 24, tzinfo=UTC), datetime(2026, 11, 25, tzinfo=UTC))
MORNING = Interval(datetime(2026, 11, 24, 9, tzinfo=UTC), datetime(2026, 11, 24, 10, tzinfo=UTC))
NOON = Interval(datetime(2026, 11, 24, 11, tzinfo=UTC), datetime(2026, 11, 24, 12, tzinfo=UTC))
HOME = "/rita/home/"
LATER = ("20261124T110000Z", "20261124T120000Z")


def view(session: Session, sam: Connected) -> CalendarView:
    found = picture(session, sam.person_id, DAY)
    assert found is not None
    return found


@pytest.fixture
def sam(session: Session, settings: Settings, radicale: Radicale) -> Connected:
    """Sam in step, with one event in her first account."""
    radicale.make_calendar("sam", "work")
    radicale.make_calendar("sam", "hours")
    radicale.put(WORK + "a.ics", ics("a"))
    sam = connect_sam(session, settings, radicale.home("sam"))
    sync_account(session, settings, NOW, sam.account_id)
    return sam


def add_second(session: Session, settings: Settings, radicale: Radicale, sam: Connected) -> int:
    """Another account of Sam's, with an event at noon."""
    radicale.make_calendar("rita", "home")
    radicale.put(HOME + "b.ics", ics("b", *LATER))
    url = radicale.home("rita")
    account = connect(session, NOW, settings, sam.person_id, url, "rita", password("rita"))
    choose(session, account, {HOME: "busy"}, None)
    session.commit()
    return account.id


@pytest.fixture
def second(session: Session, settings: Settings, radicale: Radicale, sam: Connected) -> int:
    return add_second(session, settings, radicale, sam)


def account_view(session: Session, sam: Connected, account_id: int) -> AccountView:
    return next(item for item in accounts_of(session, sam.person_id) if item.id == account_id)


@pytest.mark.postgres
def test_the_picture_shows_all_accounts_and_is_as_old_as_the_oldest(
    session: Session, settings: Settings, sam: Connected, second: int
) -> None:
    assert view(session, sam).as_of is None
    sync_account(session, settings, NOW + timedelta(minutes=1), second)
    assert tuple(view(session, sam).busy) == (MORNING, NOON)
    assert view(session, sam).as_of == NOW
    sync_account(session, settings, NOW + timedelta(minutes=2), sam.account_id)
    assert view(session, sam).as_of == NOW + timedelta(minutes=1)


def test_several_accounts_are_shown_by_as_many_queries_as_one(
    session: Session, settings: Settings, sam: Connected, second: int
) -> None:
    sync_person(session, settings, NOW, sam.person_id)
    with recorded_queries() as recorder:
        view(session, sam)
    assert len(recorder.statements) == 2


def test_one_dead_account_is_told_and_does_not_keep_the_other_from_being_read(
    session: Session, settings: Settings, radicale: Radicale, sam: Connected, second: int
) -> None:
    sync_person(session, settings, NOW, sam.person_id)
    account = session.get(CalendarAccount, sam.account_id)
    assert account is not None
    change_password(session, NOW, settings, sam.person_id, account.id, "wrong")
    session.commit()
    later = NOW + timedelta(minutes=5)
    with pytest.raises(CalendarTrouble):
        sync_person(session, settings, later, sam.person_id)
    seen = view(session, sam)
    assert (seen.as_of, seen.state, seen.since) == (NOW, "refused", later)
    assert account_view(session, sam, second).in_step_at == later


def test_without_anything_chosen_there_is_no_calendar_to_read(
    session: Session, settings: Settings, radicale: Radicale, sam: Connected
) -> None:
    choose(session, account_row(session, sam), {}, None)
    session.commit()
    with pytest.raises(NoCalendar, match="nothing_chosen"):
        sync_person(session, settings, NOW, sam.person_id)


def test_an_account_without_a_chosen_calendar_does_not_age_the_picture(
    session: Session, settings: Settings, radicale: Radicale, sam: Connected
) -> None:
    connect(session, NOW, settings, sam.person_id, radicale.home("rita"), "rita", password("rita"))
    session.commit()
    assert (view(session, sam).as_of, view(session, sam).state) == (NOW, "ok")


def test_removing_an_account_leaves_the_others_picture(
    session: Session, settings: Settings, sam: Connected, second: int
) -> None:
    sync_person(session, settings, NOW, sam.person_id)
    remove_account(session, NOW, sam.person_id, sam.account_id)
    session.commit()
    assert (tuple(view(session, sam).busy), view(session, sam).as_of) == ((NOON,), NOW)
    remove_account(session, NOW, sam.person_id, second)
    session.commit()
    assert picture(session, sam.person_id, DAY) is None
    assert session.scalar(select(func.count()).select_from(CalendarSpan)) == 0


def test_nobody_touches_an_account_of_somebody_else(
    session: Session, settings: Settings, sam: Connected
) -> None:
    stranger = sam.person_id + 1
    with pytest.raises(NoCalendar):
        remove_account(session, NOW, stranger, sam.account_id)
    with pytest.raises(NoCalendar):
        change_password(session, NOW, settings, stranger, sam.account_id, "x")
    with pytest.raises(NoCalendar):
        rechoose(session, NOW, stranger, sam.account_id, {}, None)


def test_only_one_calendar_takes_bookings_and_one_holds_the_hours(
    session: Session, settings: Settings, sam: Connected, second: int
) -> None:
    account = session.get(CalendarAccount, second)
    assert account is not None
    choose(session, account, {HOME: "busy", "/rita/hours/": "working_hours"}, HOME)
    session.commit()
    store = open_store(session, settings, sam.person_id)
    hours = open_hours(session, settings, sam.person_id)
    assert (store.account_id, store.booking_calendar_href) == (second, HOME)
    assert (hours.account_id, hours.href, hours.booking_calendar_href) == (second, "/rita/hours/", HOME)
    purposes = [item.purpose for item in account_view(session, sam, sam.account_id).calendars]
    assert purposes == ["busy", "ignored"]


def test_an_ignored_calendar_is_gone_from_the_picture_at_once(
    session: Session, settings: Settings, sam: Connected
) -> None:
    first = next(item for item in account_view(session, sam, sam.account_id).calendars if item.href == WORK)
    rechoose(session, NOW, sam.person_id, sam.account_id, {first.id: "ignored"}, None)
    session.commit()
    assert tuple(view(session, sam).busy) == ()
    assert session.scalar(select(func.count()).select_from(CalendarObject)) == 0
    with pytest.raises(ValueError):
        rechoose(session, NOW, sam.person_id, sam.account_id, {first.id + 99: "busy"}, None)


def test_kept_hours_need_no_server_and_outlive_another_choice(
    session: Session, settings: Settings, sam: Connected
) -> None:
    account = account_row(session, sam)
    choose(session, account, {WORK: "busy", KEPT_HREF: "working_hours"}, WORK)
    session.commit()
    remember(session, NOW, sam.person_id, KEPT_HREF, "1", ics("h"))
    session.commit()
    sync_account(session, settings, NOW, sam.account_id)
    assert view(session, sam).working == (MORNING,)
    hours = open_hours(session, settings, sam.person_id)
    assert (hours.source, hours.client) == (KEPT, None)
    choose(session, account_row(session, sam), {WORK: "busy", HOURS: "working_hours"}, WORK)
    session.commit()
    sync_account(session, settings, NOW, sam.account_id)
    assert view(session, sam).working == ()
    choose(session, account_row(session, sam), {WORK: "busy", KEPT_HREF: "working_hours"}, WORK)
    session.commit()
    sync_account(session, settings, NOW, sam.account_id)
    assert view(session, sam).working == (MORNING,)


def test_our_events_are_found_in_every_account(
    session: Session, settings: Settings, radicale: Radicale, sam: Connected, second: int
) -> None:
    radicale.put(HOME + "x.ics", ics("attache-x"))
    sync_person(session, settings, NOW, sam.person_id)
    (found,) = objects_with_uid(session, sam.person_id, "attache-x")
    assert (found.account_id, found.calendar_href, found.receives_bookings) == (second, HOME, False)


def test_a_write_is_remembered_in_the_account_that_it_went_to(
    session: Session, settings: Settings, sam: Connected, second: int
) -> None:
    sync_person(session, settings, NOW, sam.person_id)
    remember(session, NOW, sam.person_id, HOME + "c.ics", "1", ics("attache-c"), account_id=sam.account_id)
    assert objects_with_uid(session, sam.person_id, "attache-c") == []
    remember(session, NOW, sam.person_id, HOME + "c.ics", "1", ics("attache-c"), account_id=second)
    assert len(objects_with_uid(session, sam.person_id, "attache-c")) == 1


def test_an_account_can_be_made_due(session: Session, settings: Settings, sam: Connected) -> None:
    assert account_row(session, sam).next_sync_at > NOW
    sync_soon(session, NOW, sam.account_id)
    assert account_row(session, sam).next_sync_at == NOW


def test_an_event_moved_to_another_calendar_is_in_one_of_them(
    session: Session, settings: Settings, radicale: Radicale, sam: Connected
) -> None:
    radicale.make_calendar("sam", "private")
    chosen = {WORK: "busy", "/sam/private/": "busy"}
    choose(session, account_row(session, sam), chosen, WORK)
    session.commit()
    sync_account(session, settings, NOW, sam.account_id)
    for minute, (source, target) in enumerate(((WORK, "/sam/private/"), ("/sam/private/", WORK)), 1):
        radicale.delete(source + "a.ics")
        radicale.put(target + "a.ics", ics("a"))
        assert sync_account(session, settings, NOW + timedelta(minutes=minute), sam.account_id)
        assert tuple(view(session, sam).busy) == (MORNING,)
        assert [item.calendar_href for item in objects_with_uid(session, sam.person_id, "a")] == [target]
