"""Short ways to hand Nordwind over from Sam to Rita."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

from sqlalchemy import select, update

from app.availability.models import Reservation
from app.booking.handover import queries, service
from app.booking.handover.jobs import hand_over_pass
from app.booking.handover.values import CallState, HandOverValue
from app.booking.models import Booking
from app.booking.values import CallValue
from app.lib.db import write
from app.lib.wording import local_date
from app.mail.models import OutgoingMail
from tests.booking.core.desk import Desk
from tests.booking.reassigning.crew import Crew
from tests.support.queries import QueryRecorder
from tests.world import Member

Recording = Callable[[], AbstractContextManager[QueryRecorder]]
DAY = timedelta(days=1)


def plan(desk: Desk, day: date | None = None) -> HandOverValue:
    """Ada plans that Rita takes Nordwind over, tomorrow if no other day is given."""
    world, settings = desk.world, desk.settings
    chosen = day or local_date(desk.now, settings.service_time_zone) + DAY
    company, rita = world.vera.profile.company_public_id, world.rita.profile.public_id
    return write(
        desk.session,
        [],
        lambda s: service.plan(s, desk.now, settings, world.ada.user, company, rita, chosen, "Take care"),
    )


def confirm(desk: Desk, hand_over: HandOverValue, member: Member | None = None) -> HandOverValue:
    user = (member or desk.world.rita).user
    write(desk.session, [], lambda s: service.confirm(s, desk.now, desk.settings, user, hand_over.public_id))
    return now_of(desk, hand_over)


def now_of(desk: Desk, hand_over: HandOverValue) -> HandOverValue:
    desk.session.rollback()
    return queries.find(desk.session, hand_over.public_id)


def mailed(desk: Desk, prefix: str = "hand-over") -> dict[str, str]:
    """What was posted about hand-overs, by its word, and to whom."""
    desk.session.rollback()
    rows = desk.session.scalars(select(OutgoingMail).where(OutgoingMail.subject_key.like(f"{prefix}:%")))
    return {f"{row.subject_key.split(':')[2]} {row.recipient.split('@')[0]}": row.state for row in rows}


def deliver(desk: Desk, state: str = "sent") -> None:
    desk.session.execute(update(OutgoingMail).values(state=state))
    desk.session.commit()


def pass_by(desk: Desk) -> None:
    desk.session.rollback()
    hand_over_pass(desk.session, desk.settings, desk.now)


def states(desk: Desk, hand_over: HandOverValue) -> dict[int, CallState]:
    desk.session.rollback()
    return {number: item.state for number, item in queries.passing(desk.session, hand_over.id).items()}


def told(crew: Crew) -> HandOverValue:
    """A confirmed hand-over of which every contact was told."""
    hand_over = confirm(crew, plan(crew))
    deliver(crew)
    return hand_over


def give(crew: Crew, call: CallValue, member: Member) -> None:
    """As if it had been booked with them."""
    row = crew.session.get_one(Booking, call.id)
    row.specialist_id = member.id
    taken = update(Reservation).where(Reservation.booking_id == call.id)
    crew.session.execute(taken.values(person_id=member.id))
    crew.session.commit()
