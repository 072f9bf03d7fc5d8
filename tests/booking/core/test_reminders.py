"""Contacts are reminded of their calls: in time, once, and never of what is not so."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.booking.letters.kinds import Kind
from app.booking.models import Booking, CallType
from app.booking.reminding.due import ahead, due, following
from app.booking.reminding.in_words import times_before
from app.booking.reminding.jobs import remind_pass
from app.booking.values import CallValue
from app.customers.companies.service import end_option
from app.customers.models import Contact
from app.mail.models import OutgoingMail
from app.mail.service import claim
from app.mail.service import due as mails_due
from tests.booking.core.desk import NOW, TUESDAY, Desk
from tests.booking.core.settled import arrive, confirm, pass_to
from tests.support.mail import mail_text

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
THURSDAY = TUESDAY + 2 * DAY
USUAL = (1440, 60)


@pytest.mark.parametrize(
    ("before_start", "expected"),
    [
        (25 * HOUR, None),
        (24 * HOUR, 1440),
        (5 * HOUR, 1440),
        (HOUR, 60),
        (timedelta(minutes=1), 60),
        (timedelta(0), None),
        (-HOUR, None),
    ],
)
def test_only_the_newest_reminder_that_has_come_is_due_and_nothing_from_the_start_on(
    before_start: timedelta, expected: int | None
) -> None:
    assert due(THURSDAY, USUAL, NOW - 30 * DAY, THURSDAY - before_start) == expected


def test_a_moment_before_the_confirmation_does_not_count() -> None:
    assert due(THURSDAY, USUAL, THURSDAY - 23 * HOUR, THURSDAY - 22 * HOUR) is None
    assert ahead(THURSDAY, USUAL, THURSDAY - 23 * HOUR) == [60]
    assert ahead(THURSDAY, USUAL, THURSDAY - timedelta(minutes=30)) == []
    assert following(THURSDAY, USUAL, THURSDAY - HOUR) is None
    assert following(THURSDAY, (0,), THURSDAY - HOUR) is None


@pytest.mark.parametrize(
    ("start", "moment"),
    [
        # Sunday 28 March 2027, 10:00 in summer: a day before it is 9:00 in winter.
        (datetime(2027, 3, 28, 8, tzinfo=UTC), datetime(2027, 3, 27, 8, tzinfo=UTC)),
        # Sunday 31 October 2027, 10:00 in winter: a day before it is 11:00 in summer.
        (datetime(2027, 10, 31, 9, tzinfo=UTC), datetime(2027, 10, 30, 9, tzinfo=UTC)),
    ],
)
def test_over_the_nights_of_the_clock_change_24_hours_are_24_hours(start: datetime, moment: datetime) -> None:
    assert following(start, USUAL, start - 3 * DAY) == moment
    assert due(start, USUAL, moment, moment) == 1440
    assert due(start, USUAL, moment, moment - timedelta(seconds=1)) is None


def test_reminders_are_called_by_the_largest_unit_that_fits() -> None:
    assert times_before([2880, 1440, 60], "en") == "2 days before, 24 hours before, and 1 hour before"
    assert times_before([90], "en") == "90 minutes before" and times_before([], "en") == ""


def reminders(desk: Desk, *moments: datetime) -> list[str]:
    """Keys of the reminders posted by passes at these moments, in order."""
    for now in moments:
        remind_pass(desk.session, desk.settings, now)
    desk.session.rollback()
    keys = desk.session.scalars(select(OutgoingMail.subject_key).order_by(OutgoingMail.id))
    return [":".join(key.split(":")[2:]) for key in keys if ":reminder:" in key]


@pytest.fixture
def call(desk: Desk) -> CallValue:
    return confirm(desk, desk.book(desk.world.vera, THURSDAY))


def key(desk: Desk, start: datetime, minutes: int) -> str:
    return f"{start:%Y%m%dT%H%M}:reminder:{desk.world.vera.id}:{minutes}"


@pytest.mark.postgres
def test_each_reminder_goes_out_once_at_its_time(desk: Desk, call: CallValue) -> None:
    first, second = THURSDAY - DAY, THURSDAY - HOUR
    assert reminders(desk, first - timedelta(seconds=1)) == []
    every = [first, first + timedelta(seconds=30), second, second, THURSDAY + HOUR]
    assert reminders(desk, *every) == [key(desk, call.start, 1440), key(desk, call.start, 60)]


def test_a_call_that_outlives_the_option_is_reminded_of(desk: Desk, call: CallValue) -> None:
    company = desk.world.vera.profile.company_public_id
    end_option(desk.session, desk.now, desk.world.ada.user, company, THURSDAY.date() - 2 * DAY)
    desk.session.commit()
    moments = [THURSDAY - DAY, THURSDAY - HOUR]
    assert reminders(desk, *moments) == [key(desk, call.start, 1440), key(desk, call.start, 60)]


def test_after_an_outage_only_the_newest_is_sent(desk: Desk, call: CallValue) -> None:
    assert reminders(desk, THURSDAY - HOUR / 2) == [key(desk, call.start, 60)]


def test_a_clock_that_jumps_repeats_nothing(desk: Desk, call: CallValue) -> None:
    moments = [THURSDAY - DAY, THURSDAY - 2 * DAY, THURSDAY - DAY, THURSDAY + 365 * DAY]
    assert reminders(desk, *moments) == [key(desk, call.start, 1440)]


def test_two_workers_at_once_post_one(desk: Desk, call: CallValue) -> None:
    """The second read the call as due before the first had posted."""
    remind_pass(desk.session, desk.settings, THURSDAY - DAY)
    desk.session.execute(update(Booking).values(remind_at=THURSDAY - DAY))
    desk.session.commit()
    assert reminders(desk, THURSDAY - DAY) == [key(desk, call.start, 1440)]


def test_a_call_booked_shortly_before_is_not_announced_afterwards(desk: Desk) -> None:
    pass_to(desk, THURSDAY - 3 * HOUR)
    late = confirm(desk, desk.book(desk.world.vera, THURSDAY))
    assert reminders(desk, desk.now + HOUR, THURSDAY - HOUR) == [key(desk, late.start, 60)]


def test_what_is_not_confirmed_is_not_reminded_of(desk: Desk) -> None:
    desk.book(desk.world.vera, THURSDAY)
    assert reminders(desk, THURSDAY - DAY) == []


def _cancel(desk: Desk, call: CallValue) -> None:
    desk.cancel(desk.world.vera.user, call)


def _ask_to_move(desk: Desk, call: CallValue) -> None:
    desk.move(desk.world.vera.user, call, THURSDAY + DAY)


def _clash(desk: Desk, call: CallValue) -> None:
    desk.session.execute(update(Booking).where(Booking.id == call.id).values(status="clash"))
    desk.session.commit()


def _do_not_want(desk: Desk, call: CallValue) -> None:
    desk.session.execute(update(Contact).values(wants_reminders=False))
    desk.session.commit()


@pytest.mark.parametrize("change", [_cancel, _ask_to_move, _clash, _do_not_want])
def test_nothing_is_said_of_a_time_that_may_not_be_so_or_to_who_does_not_want_it(
    desk: Desk, call: CallValue, change: Callable[[Desk, CallValue], None]
) -> None:
    change(desk, call)
    assert reminders(desk, THURSDAY - DAY, THURSDAY - HOUR) == []


def test_who_wants_reminders_again_is_not_sent_the_old_ones(desk: Desk, call: CallValue) -> None:
    _do_not_want(desk, call)
    remind_pass(desk.session, desk.settings, THURSDAY - DAY)
    desk.session.execute(update(Contact).values(wants_reminders=True))
    desk.session.commit()
    assert reminders(desk, THURSDAY - 5 * HOUR, THURSDAY - HOUR) == [key(desk, call.start, 60)]


def test_a_new_time_is_reminded_of_anew_and_the_old_one_no_more(desk: Desk, call: CallValue) -> None:
    assert reminders(desk, THURSDAY - DAY) == [key(desk, call.start, 1440)]
    friday = THURSDAY + DAY
    pass_to(desk, THURSDAY - 20 * HOUR)
    desk.move(desk.world.vera.user, call, friday)
    arrive(desk, call)
    found = reminders(desk, THURSDAY - HOUR, friday - DAY, friday - HOUR)
    assert found[1:] == [key(desk, friday, 1440), key(desk, friday, 60)]


def test_a_move_that_is_given_up_leaves_the_old_times_reminder(desk: Desk, call: CallValue) -> None:
    pass_to(desk, THURSDAY - 25 * HOUR)
    desk.move(desk.world.vera.user, call, THURSDAY + DAY)
    assert reminders(desk, THURSDAY - DAY) == []
    pass_to(desk, THURSDAY - 23 * HOUR)
    desk.move(desk.world.vera.user, call, THURSDAY)
    assert reminders(desk, desk.now) == [key(desk, call.start, 1440)]


def test_the_rules_are_those_that_the_call_was_booked_under(desk: Desk, call: CallValue) -> None:
    desk.session.execute(update(CallType).values(reminders=[30]))
    desk.session.commit()
    assert reminders(desk, THURSDAY - DAY, THURSDAY - HOUR / 2)[0] == key(desk, call.start, 1440)
    desk.now = NOW
    other = confirm(desk, desk.book(desk.world.vera, THURSDAY + 2 * HOUR))
    found = reminders(desk, other.start - DAY, other.start - HOUR / 2)
    assert found[2:] == [key(desk, other.start, 30)]


@pytest.mark.postgres
def test_a_reminder_that_the_server_did_not_take_is_not_sent_after_the_start(
    desk: Desk, call: CallValue
) -> None:
    remind_pass(desk.session, desk.settings, THURSDAY - HOUR)
    mail = _mail(desk.session)
    assert mail.state == "waiting" and claim(desk.session, THURSDAY, mail.id) is None
    desk.session.refresh(mail)
    assert (mail.state, mail.detail) == ("given_up", "too late")
    assert mail.id not in mails_due(desk.session, THURSDAY, 10)


def test_a_reminder_that_waits_is_not_sent_when_the_call_is_cancelled(desk: Desk, call: CallValue) -> None:
    remind_pass(desk.session, desk.settings, THURSDAY - DAY)
    pass_to(desk, THURSDAY - 23 * HOUR)
    _cancel(desk, call)
    states = dict(desk.session.execute(select(OutgoingMail.subject_key, OutgoingMail.state)).all())
    assert {name.split(":")[3]: value for name, value in states.items()} == {
        Kind.INVITATION: "waiting",
        Kind.REMINDER: "given_up",
        Kind.CANCELLED: "waiting",
    }


def _mail(session: Session) -> OutgoingMail:
    session.rollback()
    return session.scalars(select(OutgoingMail).where(OutgoingMail.subject_key.contains("reminder"))).one()


def test_the_reminder_says_when_how_and_what_can_still_be_done(desk: Desk, call: CallValue) -> None:
    remind_pass(desk.session, desk.settings, THURSDAY - DAY)
    remind_pass(desk.session, desk.settings, THURSDAY - HOUR)
    rows = desk.session.scalars(
        select(OutgoingMail).where(OutgoingMail.subject_key.contains("reminder")).order_by(OutgoingMail.id)
    )
    early, late = [message_from_bytes(row.content, policy=policy.default) for row in rows]
    for mail in (early, late):
        body = mail_text(mail)
        assert mail["Subject"] == "Reminder: Product support, Sam Horvath, Thu 26 Nov, 10:00"
        assert mail["In-Reply-To"] and "text/calendar" not in {p.get_content_type() for p in mail.walk()}
        assert "Thursday 26 November, 10:00–10:30" in body and call.room_url in body
        assert f"{desk.settings.public_url}/profile" in body
    # Calls can be changed until two hours before.
    assert "until Thursday 26 November, 08:00" in mail_text(early)
    assert "Change or cancel" not in mail_text(late)


def test_the_invitation_says_which_reminders_will_come(desk: Desk, call: CallValue) -> None:
    mail = desk.session.scalars(select(OutgoingMail)).one()
    text = mail_text(message_from_bytes(mail.content, policy=policy.default))
    assert "We remind you 24 hours before and 1 hour before." in text
