"""Writing through, overtaking looks, and reading with a server in memory."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.calendars import queries
from app.calendars.errors import BadAnswer
from app.calendars.jobs import sync_account
from app.calendars.models import CalendarAccount, CalendarObject
from app.calendars.service import (
    choose,
    connect,
    objects_with_uid,
    open_store,
    picture,
    read_anew,
    remember,
)
from app.calendars.syncing.jobs_intake import Intake
from app.calendars.syncing.looking import Mark
from app.calendars.syncing.picture import place
from app.calendars.syncing.reading import Batch, Reading
from app.calendars.syncing.service_replica import CalendarChange, ObjectChange, apply_changes
from app.calendars.values import CalendarView, Fetched
from app.config import Settings
from app.lib.db import write
from app.lib.intervals import Interval
from tests.calendars.world import HOURS, NOW, WORK, Connected, account_row, add_sam, connect_sam, ics
from tests.support.radicale import Radicale

DAY = Interval(datetime(2026, 11, 24, tzinfo=UTC), datetime(2026, 11, 25, tzinfo=UTC))
MORNING = Interval(datetime(2026, 11, 24, 9, tzinfo=UTC), datetime(2026, 11, 24, 10, tzinfo=UTC))
NOON = Interval(datetime(2026, 11, 24, 11, tzinfo=UTC), datetime(2026, 11, 24, 12, tzinfo=UTC))
LATER = ("20261124T110000Z", "20261124T120000Z")
A = WORK + "a.ics"


@pytest.fixture
def sam(session: Session, settings: Settings, radicale: Radicale) -> Connected:
    radicale.make_calendar("sam", "work")
    radicale.make_calendar("sam", "hours")
    sam = connect_sam(session, settings, radicale.home("sam"))
    sync_account(session, settings, NOW, sam.account_id)
    return sam


def view(session: Session, sam: Connected) -> CalendarView:
    found = picture(session, sam.person_id, DAY)
    assert found is not None
    return found


def remember_now(session: Session, sam: Connected, href: str, etag: str, text: str | None) -> None:
    write(session, [sam.person_id], lambda writer: remember(writer, NOW, sam.person_id, href, etag, text))


@pytest.mark.postgres
def test_what_was_written_shows_at_once_and_is_no_news_to_the_sync(
    session: Session, settings: Settings, radicale: Radicale, sam: Connected
) -> None:
    with_client = open_store(session, settings, sam.person_id).client
    etag = with_client.put(A, ics("a"), etag=None)
    remember_now(session, sam, A, etag, ics("a"))
    assert tuple(view(session, sam).busy) == (MORNING,)
    assert not sync_account(session, settings, NOW + timedelta(minutes=1), sam.account_id)
    new = with_client.put(A, ics("a", *LATER), etag=etag)
    remember_now(session, sam, A, new, ics("a", *LATER))
    assert tuple(view(session, sam).busy) == (NOON,)
    with_client.delete(A, new)
    remember_now(session, sam, A, "", None)
    assert tuple(view(session, sam).busy) == ()
    assert not sync_account(session, settings, NOW + timedelta(minutes=2), sam.account_id)


def test_a_write_to_an_unknown_calendar_is_not_kept(session: Session, sam: Connected) -> None:
    remember_now(session, sam, "/sam/other/a.ics", "1", ics("a"))
    assert session.scalars(select(CalendarObject)).all() == []


def test_written_hours_show_as_working_time(session: Session, sam: Connected) -> None:
    remember_now(session, sam, HOURS + "h.ics", "1", ics("h"))
    assert (view(session, sam).working, tuple(view(session, sam).busy)) == ((MORNING,), ())


def test_an_event_is_found_by_its_uid_whatever_its_href(session: Session, sam: Connected) -> None:
    remember_now(session, sam, A, "1", ics("attache-x"))
    (found,) = objects_with_uid(session, sam.person_id, "attache-x")
    assert (found.href, found.etag) == (A, "1")


def change_of(session: Session, sam: Connected, text: str, before: str | None) -> CalendarChange:
    """What a look that began now would write."""
    account = queries.account_row(session, sam.account_id)
    assert account is not None
    row = account.calendars[0]
    assert row.expanded is not None
    placed = place(text, row.expanded, account.reader(row.purpose))
    mark = Mark("next", row.mark.ctag, row.mark.compared_at)
    item = ObjectChange(A, before, '"look"', text, "a", placed)
    return CalendarChange(row, mark, row.expanded, (item,), ())


def apply(session: Session, sam: Connected, change: CalendarChange) -> bool:
    account = queries.account_row(session, sam.account_id)
    assert account is not None
    return write(session, [sam.person_id], lambda writer: apply_changes(writer, account, [change]))


def test_of_two_looks_that_began_together_only_the_first_writes(session: Session, sam: Connected) -> None:
    first, second = change_of(session, sam, ics("a"), None), change_of(session, sam, ics("a", *LATER), None)
    assert apply(session, sam, first)
    assert not apply(session, sam, second)
    assert tuple(view(session, sam).busy) == (MORNING,)


def test_a_look_does_not_undo_what_was_written_through_meanwhile(session: Session, sam: Connected) -> None:
    change = change_of(session, sam, ics("a"), None)
    remember_now(session, sam, A, '"ours"', ics("a", *LATER))
    assert apply(session, sam, change)
    assert tuple(view(session, sam).busy) == (NOON,)


def test_a_calendar_that_would_fill_the_disk_is_kept_no_further(session: Session, sam: Connected) -> None:
    account = queries.account_row(session, sam.account_id)
    assert account is not None
    row = account.calendars[0]
    objects = [Fetched(f"{WORK}{n}.ics", "e", ics(str(n))) for n in range(4)]
    most = sum(len(item.text) for item in objects[:2])
    intake = Intake(session, account, row, Reading(row.mark, known={}), NOW, most_kept=most)
    intake.take(Batch(tuple(objects[:2]), (), ()))
    with pytest.raises(BadAnswer, match="too_large"):
        intake.take(Batch(tuple(objects[2:]), (), ()))
    session.rollback()
    kept = queries.KnownEtags(session, row.id).all()
    assert set(kept) == {item.href for item in objects[:2]}


def test_an_unreadable_new_version_keeps_the_time_that_was_known(session: Session, sam: Connected) -> None:
    remember_now(session, sam, A, '"1"', ics("a"))
    assert apply(session, sam, change_of(session, sam, "<html>", '"1"'))
    assert tuple(view(session, sam).busy) == (MORNING,)
    assert "unreadable" in session.scalars(select(CalendarObject.problem)).one()


def test_another_user_name_is_another_account_and_a_new_password_is_not(
    session: Session, settings: Settings, radicale: Radicale, sam: Connected
) -> None:
    remember_now(session, sam, A, '"1"', ics("a"))
    again = connect(session, NOW, settings, sam.person_id, radicale.home("sam"), "sam", "new")
    other = connect(session, NOW, settings, sam.person_id, radicale.home("sam"), "rita", "new")
    session.commit()
    assert (again.id, other.id != again.id) == (sam.account_id, True)
    assert tuple(view(session, sam).busy) == (MORNING,)


def test_bookings_go_only_to_a_calendar_that_counts_as_busy(
    session: Session, settings: Settings, sam: Connected
) -> None:
    store = open_store(session, settings, sam.person_id)
    assert (store.account_id, store.booking_calendar_href) == (sam.account_id, WORK)
    for purposes, receives in (({WORK: "busy", HOURS: "working_hours"}, HOURS), ({WORK: "odd"}, None)):
        with pytest.raises(ValueError):
            choose(session, account_row(session, sam), purposes, receives)


def test_a_calendar_chosen_in_addition_closes_the_picture_until_it_is_read(
    session: Session, settings: Settings, radicale: Radicale, sam: Connected
) -> None:
    radicale.make_calendar("sam", "private")
    radicale.put("/sam/private/p.ics", ics("p"))
    chosen = {WORK: "busy", HOURS: "working_hours", "/sam/private/": "busy"}
    choose(session, account_row(session, sam), chosen, WORK)
    session.commit()
    assert view(session, sam).as_of is None
    sync_account(session, settings, NOW, sam.account_id)
    assert (view(session, sam).as_of, tuple(view(session, sam).busy)) == (NOW, (MORNING,))


def test_a_new_time_zone_moves_whole_days(
    session: Session, settings: Settings, radicale: Radicale, sam: Connected
) -> None:
    radicale.put(WORK + "day.ics", ics("day", "20261124", "20261125"))
    sync_account(session, settings, NOW, sam.account_id)
    before = tuple(view(session, sam).busy)
    account = session.get(CalendarAccount, sam.account_id)
    assert account is not None
    session.connection().exec_driver_sql("UPDATE user SET time_zone = 'Asia/Almaty'")
    read_anew(session, sam.person_id)
    session.commit()
    sync_account(session, settings, NOW, sam.account_id)
    assert view(session, sam).busy[0].start == before[0].start - timedelta(hours=4)


def test_without_an_account_nothing_is_remembered(session: Session) -> None:
    person = add_sam(session).id
    remember(session, NOW, person, A, "1", ics("a"))
    assert session.scalars(select(CalendarObject)).all() == []
