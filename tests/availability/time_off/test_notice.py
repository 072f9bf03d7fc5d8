"""Days away are written down as the calendars say them, and administrators hear when nobody stands in."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from threading import Barrier

import pytest
from sqlalchemy import Update, delete, select, update
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.availability.time_off.jobs import time_off_pass
from app.availability.time_off.naming import meant
from app.availability.time_off.spans import days_of
from app.calendars.models import Calendar, CalendarAccount, CalendarObject, CalendarSpan
from app.config import Settings
from app.customers.models import Specialist, TimeOff
from app.ical.stand_in import NamedStandIn
from app.lib.intervals import Interval
from app.lib.zones import to_utc
from app.mail.models import OutgoingMail
from tests.support.databases import make_engine
from tests.support.replica import ZONE, open_calendar
from tests.world import Member, World, build_world

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
MONDAY, FRIDAY = date(2026, 12, 7), date(2026, 12, 11)


@pytest.fixture
def world(session: Session, settings: Settings) -> World:
    built = build_world(session, NOW)
    for specialist in (built.sam, built.rita):
        open_calendar(session, settings, NOW, specialist.id)
    return built


def whole_days(first: date, last: date) -> Interval:
    return Interval(to_utc(first, time(0), ZONE), to_utc(last + timedelta(days=1), time(0), ZONE))


def enter(session: Session, member: Member, uid: str, spans: Sequence[Interval], *lines: str) -> None:
    """An all-day event with these occurrences, as sync leaves it."""
    account = CalendarAccount.person_id == member.id
    calendar = session.scalars(select(Calendar.id).join(CalendarAccount).where(account)).one()
    body = ("BEGIN:VCALENDAR", "BEGIN:VEVENT", f"UID:{uid}", *lines, "END:VEVENT", "END:VCALENDAR", "")
    stored = CalendarObject(calendar_id=calendar, href=uid, etag="1", uid=uid, text="\r\n".join(body))
    session.add(stored)
    session.flush()
    for span in spans:
        times = {"starts_at": span.start, "ends_at": span.end}
        facts = {"person_id": member.id, "object_id": stored.id, "kind": "time_off", "uid": uid}
        session.add(CalendarSpan(**facts, **times))
    session.commit()


def take_out(session: Session, uid: str) -> None:
    session.execute(delete(CalendarObject).where(CalendarObject.uid == uid))
    session.commit()


def rows(session: Session) -> list[tuple[date, date, int | None]]:
    session.rollback()
    wanted = select(TimeOff.first_day, TimeOff.last_day, TimeOff.stand_in_id)
    return [tuple(row) for row in session.execute(wanted.order_by(TimeOff.first_day))]


def mails(session: Session) -> list[str]:
    session.rollback()
    return list(session.scalars(select(OutgoingMail.recipient).order_by(OutgoingMail.id)))


def test_whole_days_come_and_go_with_their_event(
    session: Session, settings: Settings, world: World, count_queries
) -> None:
    enter(session, world.sam, "leave", [whole_days(MONDAY, FRIDAY)], "SUMMARY:Leave. Stand-in: Rita")
    time_off_pass(session, settings, NOW)
    assert rows(session) == [(MONDAY, FRIDAY, world.rita.id)]
    with count_queries() as queries:
        time_off_pass(session, settings, NOW)
    assert len(queries) <= 8 and not queries.starting_with("INSERT")
    take_out(session, "leave")
    time_off_pass(session, settings, NOW)
    assert rows(session) == []


def test_an_event_that_is_moved_or_names_somebody_else_is_followed(
    session: Session, settings: Settings, world: World
) -> None:
    enter(session, world.sam, "leave", [whole_days(MONDAY, FRIDAY)], "SUMMARY:Stand-in: Rita")
    time_off_pass(session, settings, NOW)
    take_out(session, "leave")
    later = FRIDAY + timedelta(days=3)
    enter(session, world.sam, "leave", [whole_days(MONDAY, later)], "SUMMARY:Замена: Lev")
    time_off_pass(session, settings, NOW)
    assert rows(session) == [(MONDAY, later, world.lev.id)]


def test_each_occurrence_has_its_days(session: Session, settings: Settings, world: World) -> None:
    every_friday = [whole_days(FRIDAY + timedelta(weeks=n), FRIDAY + timedelta(weeks=n)) for n in range(3)]
    enter(session, world.sam, "fridays", every_friday)
    time_off_pass(session, settings, NOW)
    assert [first for first, _, _ in rows(session)] == [FRIDAY + timedelta(weeks=n) for n in range(3)]


def test_nothing_is_gone_while_a_calendar_cannot_be_read(
    session: Session, settings: Settings, world: World
) -> None:
    enter(session, world.sam, "leave", [whole_days(MONDAY, FRIDAY)])
    time_off_pass(session, settings, NOW)
    take_out(session, "leave")
    session.execute(update(CalendarAccount).values(in_step_at=NOW - timedelta(days=1)))
    session.commit()
    time_off_pass(session, settings, NOW)
    assert len(rows(session)) == 1
    # What is new in it is believed at once.
    enter(session, world.sam, "more", [whole_days(FRIDAY, FRIDAY)])
    time_off_pass(session, settings, NOW)
    assert len(rows(session)) == 2


def test_days_that_are_over_are_kept(session: Session, settings: Settings, world: World) -> None:
    enter(session, world.sam, "leave", [whole_days(MONDAY, FRIDAY)])
    time_off_pass(session, settings, NOW)
    take_out(session, "leave")
    after = to_utc(FRIDAY + timedelta(days=1), time(9), ZONE)
    session.execute(update(CalendarAccount).values(in_step_at=after))
    session.commit()
    time_off_pass(session, settings, after)
    assert rows(session) == [(MONDAY, FRIDAY, None)]


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Europe/Bratislava", MONDAY),
        ("Asia/Almaty", MONDAY),
        ("Pacific/Honolulu", MONDAY),
        ("Pacific/Auckland", MONDAY - timedelta(days=1)),
    ],
)
def test_a_day_of_the_service_zone_counts_by_its_noon(zone: str, day: date) -> None:
    span = Interval(to_utc(MONDAY, time(0), zone), to_utc(MONDAY + timedelta(days=1), time(0), zone))
    assert days_of(span, ZONE) == (day, day)


def test_who_is_meant(world: World) -> None:
    people = [world.sam.profile, world.rita.profile, world.lev.profile]
    rita, name = world.rita.profile, world.rita.profile.name

    def found(**named: object) -> object:
        return meant(NamedStandIn(**named), people, world.sam.id)  # type: ignore[arg-type]

    for typed in ("rita", name.upper(), world.rita.email, f"{name} from Monday on"):
        assert found(typed=typed).person == rita  # type: ignore[attr-defined]
    # What was changed in words counts before what our editor wrote once.
    assert found(typed="Lev", address=world.rita.email).person == world.lev.profile  # type: ignore[attr-defined]
    assert found(guests=("x@y.example", world.rita.email)).person == rita  # type: ignore[attr-defined]
    for typed in ("Nobody Here", "Sam"):
        assert (found(typed=typed).person, found(typed=typed).unknown) == (None, typed)  # type: ignore[attr-defined]


def test_administrators_hear_once_of_days_without_anybody_and_again_after_a_change(
    session: Session, settings: Settings, world: World
) -> None:
    session.execute(update(User).where(User.id == world.ada.id).values(language="ru"))
    session.execute(update(Specialist).values(stand_in_id=None))
    enter(session, world.sam, "leave", [whole_days(MONDAY, FRIDAY)])
    for _ in range(2):
        time_off_pass(session, settings, NOW)
    assert mails(session) == [world.ada.email]
    take_out(session, "leave")
    enter(session, world.sam, "leave", [whole_days(MONDAY, FRIDAY + timedelta(days=7))])
    time_off_pass(session, settings, NOW + timedelta(minutes=1))
    assert len(mails(session)) == 2


def test_a_stand_in_who_goes_away_as_well_is_told_of(
    session: Session, settings: Settings, world: World
) -> None:
    for away, usual in ((world.sam, world.rita), (world.rita, world.lev)):
        whose = Specialist.user_id == away.id
        session.execute(update(Specialist).where(whose).values(stand_in_id=usual.id))
    session.commit()
    enter(session, world.sam, "leave", [whole_days(MONDAY, FRIDAY)])
    time_off_pass(session, settings, NOW)
    assert mails(session) == []
    enter(session, world.rita, "ill", [whole_days(FRIDAY, FRIDAY)])
    time_off_pass(session, settings, NOW)
    assert mails(session) == [world.ada.email]


def test_more_days_without_anybody_are_told_and_the_same_ones_only_after_somebody_stood_in(
    session: Session, settings: Settings, world: World
) -> None:
    sam = Specialist.user_id == world.sam.id

    def after(minutes: int, change: Update) -> int:
        """How many mails there are once this has changed and the pass has come twice."""
        session.execute(change)
        session.commit()
        for later in (0, 30):
            time_off_pass(session, settings, NOW + timedelta(minutes=minutes, seconds=later))
        return len(mails(session))

    rita = update(User).where(User.id == world.rita.id)
    usual = update(Specialist).where(sam)
    session.execute(
        update(Specialist).where(Specialist.user_id == world.rita.id).values(stand_in_id=world.lev.id)
    )
    enter(session, world.rita, "ill", [whole_days(FRIDAY, FRIDAY)])
    enter(session, world.sam, "leave", [whole_days(MONDAY, FRIDAY)])
    assert after(1, usual.values(stand_in_id=world.rita.id)) == 1
    assert after(2, rita.values(is_active=False)) == 2
    assert after(3, rita.values(is_active=True)) == 2
    assert after(4, usual.values(stand_in_id=None)) == 3
    assert after(5, usual.values(stand_in_id=world.lev.id)) == 3
    assert after(6, usual.values(stand_in_id=None)) == 4


@pytest.mark.postgres
def test_two_workers_at_once_tell_it_once(
    session: Session, settings: Settings, world: World, database_url: str
) -> None:
    engine = make_engine(database_url)
    session.execute(update(Specialist).values(stand_in_id=None))
    for number in range(4):
        days = whole_days(MONDAY + timedelta(weeks=number), FRIDAY + timedelta(weeks=number))
        enter(session, world.sam, f"leave-{number}", [days])
        session.add(time_off_row(world.sam, f"leave-{number}", days))
        session.commit()
        together = Barrier(2)

        def work(second: int, together: Barrier = together) -> None:
            with Session(engine) as own:
                own.connection()
                together.wait()
                time_off_pass(own, settings, NOW + timedelta(seconds=second))

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(work, range(2)))
        assert len(mails(session)) == number + 1
    engine.dispose()


def time_off_row(member: Member, uid: str, span: Interval) -> TimeOff:
    first, last = days_of(span, ZONE) or (MONDAY, FRIDAY)
    return TimeOff(specialist_id=member.id, uid=uid, first_day=first, last_day=last, noticed_at=NOW)


def test_who_serves_no_company_is_nobodys_alarm(session: Session, settings: Settings, world: World) -> None:
    open_calendar(session, settings, NOW, world.lev.id)
    enter(session, world.lev, "leave", [whole_days(MONDAY, FRIDAY)])
    time_off_pass(session, settings, NOW)
    assert len(rows(session)) == 1 and mails(session) == []
