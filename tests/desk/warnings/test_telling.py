"""Warnings and breaches: told once, to those who can do something, never of what is kept or stands still."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import delete, select, true
from sqlalchemy.orm import Session

from app.config import Settings
from app.customers.models import Assignment
from app.desk.queries import visible_to
from app.desk.requests.errors import CannotChange
from app.desk.requests.values import ClockName, RequestValue
from app.desk.values import Happening
from app.desk.warnings import queries
from app.desk.warnings.jobs import warn_pass
from app.desk.warnings.service import give_reason, tell
from app.lib import clock, wording
from app.lib.db import write
from app.mail.jobs import mail_pass
from app.mail.models import OutgoingMail
from tests.booking.standins.away import goes_on_leave, stands_in
from tests.desk.office import HOUR, MINUTE, MONDAY, Office, make_office
from tests.support.databases import make_engine
from tests.support.mail import SmtpSink, mail_text

pytestmark = pytest.mark.postgres
FIRST, STEP = "first_response", "next_step"


@pytest.fixture
def office(session: Session, settings: Settings) -> Office:
    return make_office(session, settings)


def told(office: Office) -> list[str]:
    """What Sam was told of clocks."""
    return [what for what, whom in office.mailed() if whom == office.world.sam.email]


def test_both_warnings_and_the_breach_come_once_each(office: Office) -> None:
    request = office.open(3)
    # Two business hours: 75 % are over after 90 minutes, 15 minutes are left after 105.
    for minute in (89, 90, 91, 104, 105, 110, 120, 121, 150):
        office.run(MONDAY + minute * MINUTE)
    assert told(office) == [f"{FIRST}:warning", f"{FIRST}:warning", f"{FIRST}:breach"]
    assert office.happenings(request) == [Happening.BREACHED]
    assert not office.happenings(request, for_staff=False)
    clock = office.now_of(request).clocks[ClockName.FIRST_RESPONSE]
    assert clock.warned_at == MONDAY + 90 * MINUTE and clock.breached_at == MONDAY + 121 * MINUTE


def test_a_worker_that_slept_through_both_warns_once_and_through_all_not_at_all(office: Office) -> None:
    office.open(3)
    office.run(MONDAY + 110 * MINUTE)
    office.open(3, MONDAY + 1 * MINUTE)
    office.run(MONDAY + 3 * HOUR)
    assert told(office) == [f"{FIRST}:warning", f"{FIRST}:breach", f"{FIRST}:breach"]


def test_administrators_and_both_who_serve_are_told(office: Office, session: Session) -> None:
    world = office.world
    stands_in(session, world.rita, world.sam)
    goes_on_leave(session, world.sam, MONDAY.date(), MONDAY.date())
    office.open(1)
    office.run(MONDAY + 50 * MINUTE)
    assert {whom for _, whom in office.mailed()} == {world.sam.email, world.rita.email, world.ada.email}


def test_what_is_answered_is_not_warned_of(office: Office) -> None:
    request = office.open(3)
    office.say(MONDAY + HOUR, request, office.world.sam)
    office.run(MONDAY + 100 * MINUTE)
    office.solve(MONDAY + 2 * HOUR, request, office.world.sam)
    office.run(MONDAY + timedelta(days=9))
    assert not office.mailed()


def test_a_warning_that_waits_for_the_mail_server_is_withdrawn_by_the_answer(
    office: Office, session: Session
) -> None:
    request = office.open(3)
    office.run(MONDAY + 95 * MINUTE)
    office.say(MONDAY + 100 * MINUTE, request, office.world.sam)
    states = session.scalars(select(OutgoingMail.state).where(OutgoingMail.subject_key.startswith("clock:")))
    assert set(states) == {"given_up"}


def test_a_clock_that_waits_is_silent_and_is_warned_of_anew_when_it_goes_on(office: Office) -> None:
    request = office.open(1)
    office.say(MONDAY + 30 * MINUTE, request, office.world.sam)
    # Four hours: 75 % are over after three.
    office.run(MONDAY + 3 * HOUR)
    office.say(MONDAY + 200 * MINUTE, request, office.world.sam, waits=True)
    office.run(MONDAY + 10 * HOUR)
    assert told(office) == [f"{STEP}:warning"]
    office.say(MONDAY + 20 * HOUR, request, office.world.vera)
    office.run(MONDAY + 20 * HOUR)
    office.run(MONDAY + 20 * HOUR + 24 * MINUTE)
    assert told(office) == [f"{STEP}:warning"] * 2
    office.run(MONDAY + 20 * HOUR + 25 * MINUTE)
    assert told(office) == [f"{STEP}:warning"] * 3


def test_a_step_given_while_waiting_is_not_late_by_the_wait(office: Office) -> None:
    request = office.open(1)
    office.say(MONDAY + HOUR, request, office.world.sam, waits=True)
    office.say(MONDAY + 9 * HOUR, request, office.world.sam, is_next_step=True)
    office.run(MONDAY + 10 * HOUR)
    clock = office.now_of(request).clocks[ClockName.NEXT_STEP]
    assert not clock.is_late(MONDAY + 10 * HOUR) and not told(office)


def test_an_answer_too_late_is_a_breach_even_when_it_came_before_the_pass(office: Office) -> None:
    request = office.open(3)
    office.say(MONDAY + 121 * MINUTE, request, office.world.sam)
    office.run(MONDAY + 122 * MINUTE)
    assert told(office) == [f"{FIRST}:breach"]


def test_another_severity_is_another_due_moment(office: Office) -> None:
    request = office.open(1)
    office.run(MONDAY + 61 * MINUTE)
    office.change(MONDAY + 62 * MINUTE, request, 3)
    assert office.now_of(request).clocks[ClockName.FIRST_RESPONSE].breached_at is None
    office.run(MONDAY + 95 * MINUTE)
    assert told(office) == [f"{FIRST}:breach", f"{FIRST}:warning"]


def test_a_warning_of_a_clock_that_is_gone_is_withdrawn(office: Office, session: Session) -> None:
    request = office.open(1)
    office.say(MONDAY + 30 * MINUTE, request, office.world.sam)
    office.run(MONDAY + 3 * HOUR)
    office.change(MONDAY + 3 * HOUR, request, 5)
    assert told(office) == [f"{STEP}:warning"]
    states = session.scalars(select(OutgoingMail.state).where(OutgoingMail.subject_key.startswith("clock:")))
    assert set(states) == {"given_up"}


def test_two_workers_at_once_tell_once(office: Office, database_url: str, settings: Settings) -> None:
    office.open(3)
    engine, start = make_engine(database_url), Barrier(2)

    def work() -> None:
        with Session(engine) as mine:
            start.wait()
            warn_pass(mine, settings, MONDAY + 95 * MINUTE)

    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    engine.dispose()
    assert told(office) == [f"{FIRST}:warning"]


def test_a_worker_that_dies_before_it_commits_has_told_nothing(office: Office, session: Session) -> None:
    request, at = office.open(3), MONDAY + 95 * MINUTE

    def dies(s: Session) -> None:
        tell(s, at, office.settings, request.conversation.id, FIRST)
        raise SystemExit

    with pytest.raises(SystemExit):
        write(session, [], dies)
    assert not told(office)
    office.run(at + MINUTE)
    assert told(office) == [f"{FIRST}:warning"]


def test_a_reason_is_asked_for_until_it_is_given(office: Office, session: Session) -> None:
    request, sam = office.open(3), office.world.sam.user

    def give(name: ClockName, text: str) -> None:
        number, at = request.conversation.id, MONDAY + 3 * HOUR
        write(session, [], lambda s: give_reason(s, at, office.settings, sam, number, name, text))

    def missing() -> list[int]:
        found = queries.alerts(session, MONDAY + 3 * HOUR, true())
        return [number for number, _conversation in found.without_reason]

    office.run(MONDAY + 3 * HOUR)
    assert missing() == [request.id]
    with pytest.raises(CannotChange):
        give(ClockName.NEXT_STEP, "It was not late")
    give(ClockName.FIRST_RESPONSE, "Two outages at once")
    give(ClockName.FIRST_RESPONSE, "Two outages at once")
    assert office.now_of(request).clocks[ClockName.FIRST_RESPONSE].reason == "Two outages at once"
    assert office.happenings(request) == [Happening.BREACHED, Happening.REASON_GIVEN] and not missing()


def test_those_who_serve_see_how_many_run_out_soon(office: Office, session: Session) -> None:
    def soon(minute: int) -> list[int]:
        at = MONDAY + minute * MINUTE
        office.run(at)
        members = (office.world.sam, office.world.rita)
        seen = [visible_to(session, at, office.settings, member.user) for member in members]
        return [queries.alerts(session, at, condition).soon for condition in seen]

    request = office.open(3)
    assert soon(80) == [0, 0] and soon(95) == [1, 0]
    office.say(MONDAY + 96 * MINUTE, request, office.world.sam)
    assert soon(97) == [0, 0]


def test_a_tracked_request_is_reminded_of_after_each_business_day_without_news(office: Office) -> None:
    request, day = office.open(5), timedelta(days=1)
    office.say(MONDAY + HOUR, request, office.world.sam)
    for hours in (24, 25, 26, 49):
        office.run(MONDAY + hours * HOUR)
    assert [whom for _, whom in office.mailed("news:")] == [office.world.sam.email] * 2
    office.say(MONDAY + 50 * HOUR, request, office.world.sam)
    office.run(MONDAY + 73 * HOUR)
    assert len(office.mailed("news:")) == 2
    office.run(MONDAY + 7 * day)
    assert len(office.mailed("news:")) == 3
    assert office.now_of(request).news_due_at == MONDAY + 8 * day


def test_administrators_are_reminded_where_nobody_is_assigned(office: Office, session: Session) -> None:
    request = office.open(5)
    office.say(MONDAY + HOUR, request, office.world.sam)
    session.execute(delete(Assignment))
    session.commit()
    office.run(MONDAY + 25 * HOUR)
    assert [whom for _, whom in office.mailed("news:")] == [office.world.ada.email]


def test_nobody_is_reminded_before_the_first_answer_or_while_the_customer_is_waited_for(
    office: Office,
) -> None:
    request: RequestValue = office.open(5)
    office.run(MONDAY + 25 * HOUR)
    office.say(MONDAY + 26 * HOUR, request, office.world.sam, waits=True)
    office.run(MONDAY + 90 * HOUR)
    assert not office.mailed("news:")
    office.say(MONDAY + 91 * HOUR, request, office.world.vera)
    office.run(MONDAY + 92 * HOUR)
    assert not office.mailed("news:")


def test_the_mail_says_what_and_by_when_in_its_readers_zone(
    office: Office, session: Session, smtp_sink: SmtpSink
) -> None:
    now = clock.now()
    request = office.open(1, now - 50 * MINUTE)
    office.run(now)
    mail_pass(session, office.settings, now)
    title = "R-1001, Nordwind: The first answer is due soon"
    (mail,) = [one for one in smtp_sink.to(office.world.sam.email) if one["Subject"] == title]
    due = wording.until(request.clocks[ClockName.FIRST_RESPONSE].due_at, "Europe/Bratislava", "en")
    assert f"It is due by {due} (Bratislava time, UTC+" in mail_text(mail)
    assert "R-1001, Nordwind, severity 1: Export stops" in mail_text(mail)
