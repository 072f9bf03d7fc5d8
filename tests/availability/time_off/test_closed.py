"""Administrators hear of days on which nobody serves the companies of an account that is closed."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.availability.time_off.jobs import time_off_pass
from app.availability.time_off.service_alarm import alarms, telling_of_closed
from app.availability.time_off.spans import from_text, to_text, without
from app.booking.standins.service import days_away
from app.config import Settings
from app.customers.models import Assignment
from app.mail.models import OutgoingMail
from tests.booking.standins.away import goes_on_leave, stands_in
from tests.support.queries import QueryRecorder
from tests.world import Member, World, build_world

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
TODAY = NOW.date()
MONDAY, WEDNESDAY, FRIDAY = (date(2026, 12, day) for day in (7, 9, 11))


class Office:
    """Accounts are closed and opened, the pass comes, and mails are read."""

    def __init__(self, session: Session, settings: Settings) -> None:
        self.session, self.settings, self.now = session, settings, NOW
        self._read = 0

    def switch(self, member: Member, *, is_active: bool) -> None:
        with telling_of_closed(self.session, self.now, self.settings, [member.id]):
            self.session.execute(update(User).where(User.id == member.id).values(is_active=is_active))
        self.session.commit()

    def heard(self) -> list[str]:
        """The new mails, each in one line, once the pass has come twice."""
        for _ in range(2):
            self.now += timedelta(minutes=1)
            time_off_pass(self.session, self.settings, self.now)
        self.session.rollback()
        rows = self.session.execute(
            select(OutgoingMail.id, OutgoingMail.content)
            .where(OutgoingMail.id > self._read)
            .order_by(OutgoingMail.id)
        ).all()
        self._read = max((row.id for row in rows), default=self._read)
        return [_text_of(row.content) for row in rows]


def _text_of(content: bytes) -> str:
    body = message_from_bytes(content, policy=default).get_body(("plain",))
    assert body is not None
    return " ".join(body.get_content().split())


@pytest.fixture
def world(session: Session) -> World:
    built = build_world(session, NOW)
    stands_in(session, built.lev, built.sam)
    return built


@pytest.fixture
def office(session: Session, settings: Settings, world: World) -> Office:
    return Office(session, settings)


def test_a_stand_in_of_a_closed_account_who_goes_away_is_told_of_once_and_again_with_more_days(
    session: Session, office: Office, world: World
) -> None:
    office.switch(world.sam, is_active=False)
    assert office.heard() == []
    leave = goes_on_leave(session, world.lev, MONDAY, WEDNESDAY)
    (mail,) = office.heard()
    assert "The account of Sam Horvath is closed, and Lev Orlov, who stands in, is away." in mail
    assert "7 December – 9 December" in mail
    assert "- Nordwind - Sever" in mail and f"/people/{world.sam.user.public_id}" in mail
    assert office.heard() == []
    leave.last_day = FRIDAY
    session.commit()
    (mail,) = office.heard()
    assert "7 December – 11 December" in mail
    # The same days again, after somebody served meanwhile.
    stands_in(session, world.rita, world.sam)
    assert office.heard() == []
    stands_in(session, world.lev, world.sam)
    assert len(office.heard()) == 1


@pytest.mark.postgres
def test_companies_of_an_account_that_is_closed_later_are_told_beside_the_stand_ins_own(
    session: Session, office: Office, world: World
) -> None:
    session.add(
        Assignment(company_id=_company_of(session, world.rita), specialist_id=world.lev.id, starts_on=MONDAY)
    )
    leave = goes_on_leave(session, world.lev, MONDAY, FRIDAY)
    (own,) = office.heard()
    assert "Lev Orlov is away. These days nobody serves the companies below:" in own and "- Lynx" in own
    office.switch(world.sam, is_active=False)
    (theirs,) = office.heard()
    assert "- Nordwind - Sever" in theirs and "Lynx" not in theirs
    told = {number: [(MONDAY, FRIDAY)] for number in (world.lev.id, world.sam.id)}
    assert from_text(leave.alarmed_days, world.lev.id, TODAY) == told
    # That is another cause, and there are more days.
    office.switch(world.lev, is_active=False)
    ours, theirs = sorted(office.heard())
    assert "The account of Lev Orlov is closed. From now on" in ours and "- Lynx" in ours
    assert "The account of Sam Horvath is closed. From now on" in theirs and "- Nordwind - Sever" in theirs
    office.switch(world.lev, is_active=True)
    assert [mail.split(" These days")[0].split(" stands in for ")[1] for mail in office.heard()] == [
        "Sam Horvath The account of Sam Horvath is closed, and Lev Orlov, who stands in, is away."
    ]


def test_who_is_closed_while_their_stand_in_is_away_is_told_of_once(
    session: Session, office: Office, world: World
) -> None:
    goes_on_leave(session, world.lev, TODAY, TODAY + timedelta(days=1))
    office.switch(world.sam, is_active=False)
    (mail,) = office.heard()
    assert "Lev Orlov, who stands in, is away." in mail and "23 November – 24 November" in mail
    # Nothing becomes of it by what is changed beside.
    office.switch(world.sam, is_active=False)
    assert office.heard() == []


def test_days_of_a_closed_accounts_own_time_off_are_told_with_that(
    session: Session, office: Office, world: World
) -> None:
    goes_on_leave(session, world.sam, MONDAY, WEDNESDAY, named=world.rita)
    goes_on_leave(session, world.lev, MONDAY, FRIDAY)
    office.switch(world.sam, is_active=False)
    (mail,) = office.heard()
    assert "10 December – 11 December" in mail
    goes_on_leave(session, world.rita, WEDNESDAY, WEDNESDAY)
    sam, rita = sorted(office.heard(), key=lambda mail: "for Rita" in mail)
    assert "Sam Horvath is away. These days nobody serves the companies below: 9 December -" in sam
    assert "Rita Weiss is away." in rita


def test_who_is_named_by_a_time_off_serves_until_it_is_over(
    session: Session, office: Office, world: World
) -> None:
    stands_in(session, None, world.sam)
    goes_on_leave(session, world.sam, TODAY, FRIDAY, named=world.rita)
    office.switch(world.sam, is_active=False)
    (mail,) = office.heard()
    assert "The account of Sam Horvath is closed. From 12 December on nobody serves" in mail
    assert f"/people/{world.sam.user.public_id}" in mail


def test_a_time_off_that_is_still_to_come_hides_no_day_before_it(
    session: Session, office: Office, world: World
) -> None:
    stands_in(session, None, world.sam)
    goes_on_leave(session, world.sam, FRIDAY, FRIDAY, named=world.rita)
    office.switch(world.sam, is_active=False)
    (mail,) = office.heard()
    assert "The account of Sam Horvath is closed. From now on nobody serves the companies below" in mail


def test_closed_accounts_without_companies_cost_the_pass_nothing_and_are_not_told_of(
    session: Session,
    settings: Settings,
    office: Office,
    world: World,
    count_queries: Callable[[], AbstractContextManager[QueryRecorder]],
) -> None:
    handed = select(Assignment.company_id).where(Assignment.specialist_id == world.sam.id)
    for company_id in session.scalars(handed).all():
        session.add(Assignment(company_id=company_id, specialist_id=world.rita.id, starts_on=TODAY))
    session.commit()
    office.switch(world.sam, is_active=False)
    goes_on_leave(session, world.lev, MONDAY, FRIDAY)
    with count_queries() as queries:
        assert not alarms(session, NOW, settings)
    # Rows, people, who counts on whom, and the stand-in's own companies.
    assert len(queries) <= 4
    assert office.heard() == []


def test_a_stand_in_whose_own_companies_are_served_reads_of_no_alarm(
    session: Session, settings: Settings, office: Office, world: World
) -> None:
    goes_on_leave(session, world.lev, MONDAY, FRIDAY)
    office.switch(world.sam, is_active=False)
    assert len(office.heard()) == 1
    (days,), _further = days_away(session, NOW, settings, world.lev.user, None, 10)
    assert not days.is_alarmed


def test_told_days_are_kept_as_text_and_read_from_today_on() -> None:
    days = {3: [(MONDAY, MONDAY), (WEDNESDAY, FRIDAY)], 17: [(MONDAY, WEDNESDAY)]}
    text = to_text(days, 3)
    assert text == "2026-12-07/2026-12-07 2026-12-09/2026-12-11 17:2026-12-07/2026-12-09"
    assert from_text(text, 3, MONDAY) == days
    assert from_text(text, 3, FRIDAY) == {3: [(FRIDAY, FRIDAY)]}


def test_days_without_others() -> None:
    week = [(MONDAY, FRIDAY)]
    tuesday, thursday = MONDAY + timedelta(days=1), FRIDAY - timedelta(days=1)
    assert without(week, [(WEDNESDAY, WEDNESDAY)]) == [(MONDAY, tuesday), (thursday, FRIDAY)]
    assert without(week, [(TODAY, tuesday), (FRIDAY, FRIDAY)]) == [(WEDNESDAY, thursday)]
    assert without(week, [(TODAY, FRIDAY)]) == []
    assert without(week, [(TODAY, TODAY)]) == week


def _company_of(session: Session, member: Member) -> int:
    return session.scalars(select(Assignment.company_id).where(Assignment.specialist_id == member.id)).one()
