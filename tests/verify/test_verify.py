"""Each check finds what it is for, and is silent where all is well."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, text, update
from sqlalchemy.orm import Session

from app.accounts.models import ApiToken, AuditEntry
from app.accounts.models_proofs import Totp
from app.availability.models import Reservation
from app.booking.models import Booking, IdempotencyKey
from app.calendars.models import CalendarAccount, CalendarObject, CalendarSpan
from app.jobs.client import client_of, live_keys
from app.lib import clock
from app.mail.models import OutgoingMail
from app.verify.service import verify


def found(session: Session, app: Flask, now: datetime) -> list[str]:
    return [line.split()[0] for line in verify(session, now, app.extensions["attache"])]


@pytest.mark.usefixtures("world")
def test_nothing_is_wrong_where_all_is_well(session: Session, app: Flask, now: datetime) -> None:
    assert verify(session, now, app.extensions["attache"]) == []


def _overlap(session: Session) -> None:
    session.execute(text("DROP TRIGGER reservation_no_overlap_insert"))
    row = session.query(Reservation).one()
    session.add(
        Reservation(
            person_id=row.person_id,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            kind="booking",
            booking_id=None,
        )
    )


def _lost_event(session: Session) -> None:
    session.execute(delete(CalendarObject))


def _moved_event(session: Session) -> None:
    span = session.query(CalendarSpan).one()
    span.starts_at += timedelta(hours=1)
    span.ends_at += timedelta(hours=1)


def _event_without_booking(session: Session) -> None:
    copy = session.query(CalendarObject).one()
    session.add(
        CalendarObject(
            calendar_id=copy.calendar_id,
            href="/other.ics",
            etag="1",
            uid="attache-other",
            text="",
            problem="",
        )
    )


def _event_of_a_cancelled_booking(session: Session) -> None:
    session.execute(update(Booking).values(status="cancelled"))
    session.execute(delete(Reservation))
    session.add(
        AuditEntry(
            at=clock.now(), actor="Vera", verb="cancelled", object_type="booking", object_id="one", detail={}
        )
    )


def _pending_without_work(session: Session) -> None:
    session.execute(update(Booking).values(status="pending", confirmed_at=None))


def _old_lease(session: Session) -> None:
    session.execute(update(CalendarAccount).values(claimed_until=clock.now() - timedelta(hours=1)))


def _leave_that_nobody_noticed(session: Session) -> None:
    """Read long enough ago that the pass has been there since."""
    span, event = session.query(CalendarSpan).first(), session.query(CalendarObject).first()
    assert span is not None and event is not None
    first = span.starts_at.replace(hour=0, minute=0) + timedelta(days=7)
    facts = {"person_id": span.person_id, "object_id": event.id, "kind": "time_off", "uid": "leave"}
    session.add(CalendarSpan(**facts, starts_at=first, ends_at=first + timedelta(days=1)))
    session.execute(update(CalendarAccount).values(in_step_at=clock.now() - timedelta(minutes=1)))


def lose_the_log(session: Session) -> None:
    """As somebody can who owns the database: it gives no entry away by itself."""
    session.execute(text("DROP TRIGGER audit_entry_no_delete"))
    session.execute(delete(AuditEntry))


CASES: list[tuple[Callable[[Session], object], set[str]]] = [
    (_overlap, {"V1"}),
    (lambda s: s.execute(delete(Reservation)), {"V1"}),
    (_lost_event, {"V2"}),
    (_moved_event, {"V2"}),
    (lambda s: s.execute(update(Booking).values(asked_at=clock.now())), {"V2"}),
    (lambda s: s.execute(update(Booking).values(href="/elsewhere.ics")), {"V2"}),
    (_event_without_booking, {"V3"}),
    (_event_of_a_cancelled_booking, {"V3"}),
    (_pending_without_work, {"V4"}),
    (_old_lease, {"V4"}),
    (lambda s: s.execute(delete(OutgoingMail)), {"V5"}),
    (lambda s: s.execute(update(Booking).values(written_sequence=4)), {"V6"}),
    (lambda s: s.execute(update(IdempotencyKey).values(contact_id=2)), {"V7"}),
    (lose_the_log, {"V8"}),
    (lambda s: s.execute(update(CalendarAccount).values(sealed_password="clear")), {"V9"}),
    (lambda s: s.add(Totp(user_id=1, sealed_seed="clear", created_at=clock.now())), {"V9"}),
    (_leave_that_nobody_noticed, {"V10"}),
]


@pytest.mark.parametrize(
    ("damage", "expected"), CASES, ids=[f"{case[1]}-{n}" for n, case in enumerate(CASES)]
)
@pytest.mark.usefixtures("world")
def test_each_check_finds_what_it_is_for(
    session: Session, app: Flask, now: datetime, damage: Callable[[Session], object], expected: set[str]
) -> None:
    damage(session)
    session.commit()
    assert set(found(session, app, now)) == expected


@pytest.mark.usefixtures("world")
def test_nobody_asks_for_the_event_of_a_call_that_has_begun(
    session: Session, app: Flask, now: datetime
) -> None:
    """What its specialist does with it then is not followed any more."""
    starts_at = session.query(Booking).one().starts_at
    session.execute(update(CalendarAccount).values(in_step_at=starts_at))
    _lost_event(session)
    session.commit()
    assert found(session, app, starts_at - timedelta(minutes=1)) == ["V2"]
    assert found(session, app, starts_at) == []


@pytest.mark.usefixtures("world")
def test_the_event_of_a_call_that_was_off_is_forgotten_a_day_after_its_time(
    session: Session, app: Flask
) -> None:
    """So long a calendar that does not answer is asked to let it go; later it is history."""
    _event_of_a_cancelled_booking(session)
    ends_at = session.query(Booking).one().ends_at
    session.commit()
    assert found(session, app, ends_at + timedelta(hours=23)) == ["V3"]
    assert found(session, app, ends_at + timedelta(hours=24)) == []


def _a_copy_of_their_own(session: Session) -> None:
    event = session.query(CalendarObject).one()
    session.add(
        CalendarObject(calendar_id=event.calendar_id, href="/copy.ics", etag="1", uid=event.uid, text="")
    )
    span = session.query(CalendarSpan).one()
    session.add(
        CalendarSpan(
            person_id=span.person_id,
            object_id=event.id,
            kind="busy",
            uid=span.uid,
            is_own=True,
            starts_at=span.starts_at + timedelta(days=7),
            ends_at=span.ends_at + timedelta(days=7),
        )
    )


def _missed_by_one_look(session: Session) -> None:
    session.execute(delete(CalendarObject))
    session.execute(update(Booking).values(missing_since=clock.now()))


def _a_second_account_that_was_never_read(session: Session) -> None:
    first = session.query(CalendarAccount).one()
    session.add(
        CalendarAccount(
            person_id=first.person_id,
            url=first.url,
            username="other",
            sealed_password=first.sealed_password,
            state_since=first.state_since,
            next_sync_at=first.next_sync_at,
        )
    )
    session.execute(delete(CalendarObject))


@pytest.mark.parametrize(
    "doing",
    [
        _a_copy_of_their_own,
        lambda s: s.execute(delete(CalendarSpan)),
        _missed_by_one_look,
        _a_second_account_that_was_never_read,
    ],
    ids=["copied or recurring", "set free", "missed by one look", "an account never read"],
)
@pytest.mark.postgres
@pytest.mark.usefixtures("world")
def test_what_a_specialist_may_do_with_an_event_is_not_wrong(
    session: Session, app: Flask, now: datetime, doing: Callable[[Session], object]
) -> None:
    doing(session)
    session.commit()
    assert [check for check in found(session, app, now) if check in {"V2", "V3"}] == []


@pytest.mark.usefixtures("world")
def test_a_token_in_clear_is_found(session: Session, app: Flask, now: datetime) -> None:
    session.add(ApiToken(user_id=1, token_hash="canary", created_at=now))
    session.commit()
    assert found(session, app, now) == ["V9"]


@pytest.mark.usefixtures("world")
def test_work_under_way_is_not_wrong(session: Session, app: Flask, now: datetime) -> None:
    booking = session.query(Booking).one()
    booking.status, booking.confirmed_at = "pending", None
    client_of(session).enqueue_in_transaction(
        session,
        {
            "workflow_name": "durable",
            "queue_name": "durable",
            "workflow_id": f"booking:{booking.id}:0:book",
            "queue_partition_key": "x",
        },
        "booking",
        booking.id,
    )
    session.commit()
    assert live_keys(session) == {f"booking:{booking.id}:0:book"}
    assert found(session, app, now) == []
