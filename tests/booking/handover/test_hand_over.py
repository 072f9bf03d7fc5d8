"""A company passes to another specialist: confirmed, told, and only then its calls move."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.accounts.errors import NotFound
from app.booking.handover import queries, service
from app.booking.handover.jobs import hand_over_pass
from app.booking.handover.service_calls import Decision, keep, try_again
from app.booking.handover.values import CallState, Stage
from app.customers.errors import AssignmentRefused
from app.customers.models import Contact
from app.customers.service import assignments
from app.lib.db import write
from app.lib.intervals import Interval
from app.lib.wording import local_date
from app.mail.models import OutgoingMail
from tests.booking.core.desk import Desk
from tests.booking.core.office import two_starts
from tests.booking.core.test_kills import killed
from tests.booking.handover.passing import (
    DAY,
    Recording,
    confirm,
    deliver,
    mailed,
    now_of,
    pass_by,
    plan,
    states,
    told,
)
from tests.booking.reassigning.crew import Crew


def test_nothing_is_different_until_the_new_specialist_confirms(desk: Desk) -> None:
    hand_over = plan(desk)
    assert hand_over.stage is Stage.PLANNED and mailed(desk) == {"planned rita": "waiting"}
    company = desk.world.vera.profile.company_id
    assert len(assignments(desk.session, company)) == 1
    with pytest.raises(NotFound):
        confirm(desk, hand_over, desk.world.sam)
    confirmed = confirm(desk, hand_over)
    assert confirmed.stage is Stage.TELLING
    latest = assignments(desk.session, company)[-1]
    assert (latest.specialist_id, latest.starts_on) == (desk.world.rita.id, hand_over.starts_on)
    assert set(mailed(desk)) >= {"told vera", "confirmed sam", "confirmed ada"}


def test_one_confirmed_late_counts_from_tomorrow(desk: Desk) -> None:
    hand_over = plan(desk)
    desk.now += timedelta(days=5)
    assert confirm(desk, hand_over).starts_on == local_date(desk.now, "Europe/Bratislava") + DAY


def test_a_company_has_one_hand_over_at_a_time_and_it_can_be_called_off(desk: Desk) -> None:
    hand_over, ada = plan(desk), desk.world.ada.user
    with pytest.raises(AssignmentRefused, match="open"):
        plan(desk)
    write(desk.session, [], lambda s: service.call_off(s, desk.now, ada, hand_over.public_id))
    with pytest.raises(AssignmentRefused, match="settled"):
        confirm(desk, hand_over)
    again = confirm(desk, plan(desk))
    with pytest.raises(AssignmentRefused, match="settled"):
        write(desk.session, [], lambda s: service.call_off(s, desk.now, ada, again.public_id))


def test_who_declines_says_why_and_the_administrators_hear_it(desk: Desk) -> None:
    hand_over, rita = plan(desk), desk.world.rita.user
    write(
        desk.session,
        [],
        lambda s: service.decline(s, desk.now, desk.settings, rita, hand_over.public_id, "On leave"),
    )
    ended = now_of(desk, hand_over)
    assert (ended.stage, ended.ended_reason) == (Stage.ENDED, "On leave")
    assert "declined ada" in mailed(desk) and len(assignments(desk.session, ended.company_id)) == 1


def test_no_call_moves_before_the_mail_server_has_the_mail_to_every_contact(desk: Desk) -> None:
    hand_over = confirm(desk, plan(desk))
    pass_by(desk)
    assert now_of(desk, hand_over).stage is Stage.TELLING
    deliver(desk)
    pass_by(desk)
    assert now_of(desk, hand_over).stage is Stage.MOVING


def test_of_mail_that_does_not_arrive_the_administrator_hears_once_and_tells_by_phone(desk: Desk) -> None:
    hand_over, ada = confirm(desk, plan(desk)), desk.world.ada.user
    with pytest.raises(AssignmentRefused):
        service.told_by_phone(desk.session, desk.now, ada, hand_over.public_id)
    deliver(desk, "given_up")
    for _ in range(2):
        pass_by(desk)
    assert now_of(desk, hand_over).stage is Stage.TELLING and "untold ada" in mailed(desk)
    write(desk.session, [], lambda s: service.told_by_phone(s, desk.now, ada, hand_over.public_id))
    assert now_of(desk, hand_over).stage is Stage.MOVING


@pytest.mark.postgres
def test_coming_calls_pass_one_by_one_and_then_it_is_done(crew: Crew) -> None:
    start, second = two_starts(crew)
    calls = [crew.booked(start), crew.booked(second)]
    hand_over = told(crew)
    pass_by(crew)
    assert set(states(crew, hand_over).values()) == {CallState.WAITING}
    for call in calls:
        crew.work(call)
        assert crew.call_now(call).specialist.user_id == crew.world.rita.id
    pass_by(crew)
    assert set(states(crew, hand_over).values()) == {CallState.MOVED}
    assert crew.times() == {"sam": [], "rita": sorted([start, second])}
    crew.now += 2 * DAY
    pass_by(crew)
    assert now_of(crew, hand_over).stage is Stage.DONE


def test_a_call_that_cannot_pass_waits_for_a_decision(crew: Crew) -> None:
    start, _ = two_starts(crew)
    call = crew.booked(start)
    crew.appoint_rita(Interval(start, start + timedelta(hours=1)))
    crew.look_at_both()
    hand_over = told(crew)
    for _ in range(2):
        pass_by(crew)
    assert states(crew, hand_over) == {call.id: CallState.STUCK}
    letters = [name for name in mailed(crew) if name.startswith("stuck")]
    assert sorted(letters) == ["stuck ada", "stuck rita", "stuck sam"]
    asked = Decision(crew.world.sam.user, hand_over.public_id, call.public_id)
    with pytest.raises(NotFound):
        stranger = Decision(crew.world.lev.user, hand_over.public_id, call.public_id)
        keep(crew.session, crew.now, crew.settings, stranger)
    people = [crew.world.sam.id]
    write(crew.session, people, lambda s: keep(s, crew.now, crew.settings, asked))
    crew.now += 1 * DAY
    pass_by(crew)
    assert states(crew, hand_over) == {call.id: CallState.KEPT}
    assert crew.call_now(call).specialist.user_id == crew.world.sam.id
    assert now_of(crew, hand_over).stage is Stage.DONE


def test_a_stuck_call_passes_when_it_is_tried_again_after_the_time_came_free(crew: Crew) -> None:
    start, _ = two_starts(crew)
    call = crew.booked(start)
    crew.appoint_rita(Interval(start, start + timedelta(hours=1)))
    crew.look_at_both()
    hand_over = told(crew)
    pass_by(crew)
    crew.radicale.delete("/rita/work/doctor.ics")
    crew.look_at_both()
    asked = Decision(crew.world.rita.user, hand_over.public_id, call.public_id)
    write(crew.session, [], lambda s: try_again(s, crew.now, crew.settings, asked))
    pass_by(crew)
    crew.work(call)
    pass_by(crew)
    assert states(crew, hand_over) == {call.id: CallState.MOVED}


def test_a_calendar_that_was_away_is_tried_again_by_itself(crew: Crew) -> None:
    start, _ = two_starts(crew)
    call = crew.booked(start)
    hand_over = told(crew)
    now = crew.now
    crew.now = now + timedelta(hours=1)
    pass_by(crew)
    assert states(crew, hand_over) == {call.id: CallState.STUCK}
    crew.look_at_both()
    pass_by(crew)
    crew.work(call)
    assert crew.call_now(call).specialist.user_id == crew.world.rita.id


def test_a_killed_pass_passes_each_call_on_once(crew: Crew, database_url: str) -> None:
    start, second = two_starts(crew)
    calls = [crew.booked(start), crew.booked(second)]
    told(crew)
    crew.session.rollback()
    killed(database_url, "passed_on", lambda s: hand_over_pass(s, crew.settings, crew.now))
    pass_by(crew)
    for call in calls:
        crew.work(call)
    assert crew.times() == {"sam": [], "rita": sorted([start, second])} and crew.wrong() == []


def test_calls_before_the_day_and_of_other_companies_stay(crew: Crew) -> None:
    start, second = two_starts(crew)
    early, other = crew.booked(start), crew.booked(second, crew.world.pavel)
    hand_over = confirm(crew, plan(crew, local_date(start, "Europe/Bratislava") + DAY))
    deliver(crew)
    pass_by(crew)
    assert states(crew, hand_over) == {}
    assert {crew.call_now(call).successor_id for call in (early, other)} == {None}


def test_the_mails_that_tell_are_found_by_their_key(desk: Desk, count_queries: Recording) -> None:
    hand_over = confirm(desk, plan(desk))
    with count_queries() as queries_sent:
        assert [one.name for one in queries.telling(desk.session, hand_over.id)] == ["Vera Lindqvist"]
    (statement,) = queries_sent.statements
    plain = desk.session.connection().exec_driver_sql(
        f"EXPLAIN QUERY PLAN {statement}", ("",) * statement.count("?")
    )
    told = " ".join(row[-1] for row in plain)
    assert "SEARCH outgoing_mail" in told and "SCAN outgoing_mail" not in told, told


def test_of_a_second_mail_that_fails_the_administrator_hears_as_well(desk: Desk) -> None:
    world = desk.world
    theirs = {"company_id": world.vera.profile.company_id}
    desk.session.execute(update(Contact).where(Contact.user_id == world.pavel.id).values(**theirs))
    desk.session.commit()
    confirm(desk, plan(desk))
    for count, member in enumerate((world.vera, world.pavel), 1):
        mails = update(OutgoingMail).where(OutgoingMail.recipient == member.email)
        desk.session.execute(mails.values(state="given_up"))
        desk.session.commit()
        for _ in range(2):
            pass_by(desk)
        untold = OutgoingMail.subject_key.contains(":untold:")
        recipients = desk.session.scalars(select(OutgoingMail.recipient).where(untold)).all()
        assert recipients == [world.ada.email] * count
