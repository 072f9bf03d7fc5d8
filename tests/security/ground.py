"""One of everything that can be asked for, all of it Nordwind's or Sam's, and eight people who ask.

How they are asked for stands in asked.py.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import queries
from app.accounts import service as accounts
from app.accounts.guards import session_cookie
from app.accounts.models import ApiToken, User, UserSession
from app.accounts.models_proofs import Passkey
from app.accounts.rights import offered_scopes
from app.accounts.tokens.service import make_token
from app.accounts.tokens.tokens import TokenWish
from app.availability import service_own_days as own_days
from app.availability.preview_page import time_off_id
from app.booking import service as booking
from app.booking.handover import service as hand_overs
from app.booking.handover.models import HandOverCall
from app.booking.models import Attendee, Booking, CallType, Proposal, Series, Waiting
from app.booking.values import CallValue
from app.calendars.models import Calendar, CalendarAccount, CalendarLookup, CalendarObject
from app.config import Settings
from app.customers.files import service as files
from app.customers.models import Company, Entitlement, HandOver, Specialist, TimeOff
from app.lib import clock
from app.lib.db import db
from app.lib.tokens import new_public_id
from tests.booking.core.desk import Desk
from tests.booking.core.settled import confirm
from tests.calendars.world import ics
from tests.security.ground_desk import desk_of_vera
from tests.support.replica import open_calendar
from tests.world import Member, World, build_world, session_token_for

# The columns of the table. ``other_contact`` is of another company, ``other_specialist`` serves that one,
# ``senior`` takes part in the call, ``other_senior`` does not.
PEOPLE = (
    "nobody",
    "contact",
    "other_contact",
    "specialist",
    "other_specialist",
    "senior",
    "other_senior",
    "administrator",
)
FOREIGN = ("other_contact", "other_specialist", "other_senior")


@dataclass
class Ground:
    """The application with all of it.

    ``members``, ``secrets`` (API tokens) and ``sessions`` (tokens, too) go by the name of a column.
    """

    app: Flask
    world: World
    call: CallValue
    members: dict[str, Member]
    ids: dict[str, Any] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)

    def client(self, who: str) -> FlaskClient:
        """A browser of somebody."""
        client = self.app.test_client()
        if who in self.sessions:
            client.set_cookie(session_cookie(self.app.extensions["attache"]), self.sessions[who])
        return client


def lay_out(app: Flask) -> Ground:
    """Make all of it in the application's empty database."""
    now, settings = clock.now().replace(microsecond=0), app.extensions["attache"]
    settings.mail_dir.mkdir()
    (settings.mail_dir / "first.eml").write_text("Subject: First\n\nText\n", encoding="utf-8")
    with app.app_context():
        session = db.session()
        world = build_world(session, now)
        for member in (world.sam, world.rita, world.lev):
            open_calendar(session, settings, now, member.id)
        desk = Desk(session, settings, world, now)
        lev = world.lev.user.public_id
        starts = [at for at in desk.open_starts(world.vera, senior=lev) if at > now + timedelta(days=2)]
        call = confirm(desk, desk.book(world.vera, starts[0], senior=lev))
        # Not on the day of the call, on which Sam has time off.
        later = next(at for at in starts if at >= call.end + timedelta(days=1))
        ground = Ground(app, world, call, _members(session, world))
        ground.ids = {
            "later": later.isoformat(),
            "hold": desk.hold(world.vera, starts[-1]).public_id,
            **_about_call(session, call),
            **_of_vera(session, desk),
            **_of_sam(session, world),
            **_of_nordwind(session, settings, world, call),
            **_of_ada(session, settings, world),
            **desk_of_vera(session, now, settings, world),
        }
        session.commit()
        ground.secrets = {who: _secret(session, member) for who, member in ground.members.items()}
        ground.ids["token"] = session.scalars(
            select(ApiToken.public_id).where(ApiToken.user_id == world.vera.id)
        ).one()
        session.commit()
    ground.sessions = {who: session_token_for(app, member) for who, member in ground.members.items()}
    return ground


def _members(session: Session, world: World) -> dict[str, Member]:
    return {
        "contact": world.vera,
        "other_contact": world.mallory,
        "specialist": world.sam,
        "other_specialist": world.rita,
        "senior": world.lev,
        "other_senior": _another_senior(session),
        "administrator": world.ada,
    }


def _another_senior(session: Session) -> Member:
    row = User(
        public_id=new_public_id(),
        email="olga@attache.example",
        name="Olga Lang",
        role="senior",
        time_zone="UTC",
        language="en",
        created_at=clock.now(),
    )
    session.add(row)
    session.flush()
    session.add(Specialist(user_id=row.id, titles={}, country="SK"))
    session.commit()
    user = queries.person(session, User.id == row.id)
    assert user is not None
    return Member(user, None)


def _about_call(session: Session, call: CallValue) -> dict[str, Any]:
    now = clock.now()
    guest = Attendee(booking_id=call.id, email="guest@nordwind.example", name="Guest", added_at=now)
    series = Series(public_id=new_public_id(), contact_id=call.contact_id, weeks=1, created_at=now)
    session.add_all([guest, series])
    session.flush()
    session.get_one(Booking, call.id).series_id = series.id
    proposal = Proposal(
        public_id=new_public_id(),
        booking_id=call.id,
        attendee_id=guest.id,
        starts_at=call.start + timedelta(hours=2),
        ends_at=call.end + timedelta(hours=2),
        sequence=call.sequence,
        created_at=now,
    )
    session.add(proposal)
    return {"series": series.public_id, "proposal": proposal.public_id}


def _of_vera(session: Session, desk: Desk) -> dict[str, Any]:
    now, vera = clock.now(), desk.world.vera
    feed, token = booking.make_feed(session, now, vera.user, "Phone", "calls")
    link = accounts.mint_operator_link(session, now, desk.settings, vera.email)
    today = now.date()
    place = Waiting(
        public_id=new_public_id(),
        contact_id=vera.id,
        specialist_id=desk.world.sam.id,
        call_type_id=session.scalars(select(CallType.id).limit(1)).one(),
        first_day=today + timedelta(days=3),
        last_day=today + timedelta(days=9),
        created_at=now,
    )
    session.add(place)
    accounts.begin_session(session, now, vera.user)
    theirs = select(UserSession.public_id).where(UserSession.user_id == vera.id)
    return {
        "session": session.scalars(theirs).one(),
        "feed": feed.public_id,
        "feed_token": token,
        "link": link.rpartition("/")[2],
        "place": place.public_id,
    }


def _of_sam(session: Session, world: World) -> dict[str, Any]:
    mine = select(Calendar).join(CalendarAccount).where(CalendarAccount.person_id == world.sam.id)
    calendar = session.scalars(mine).one()
    leave = f"{calendar.href}hours-leave.ics"
    text = ics("hours-leave", "20270104", "20270109")
    facts = {"href": leave, "etag": '"1"', "uid": "hours-leave", "text": text}
    session.add(CalendarObject(calendar_id=calendar.id, **facts))
    lookup = CalendarLookup(
        public_id=new_public_id(),
        person_id=world.sam.id,
        kind="account",
        address="https://dav.example/",
        username="sam",
        sealed_secret="",
        state="failed",
        reason="unreachable",
        created_at=clock.now(),
    )
    passkey = Passkey(
        user_id=world.sam.id, credential_id="AAAA", public_key=b"", name="Phone", created_at=clock.now()
    )
    session.add_all([lookup, passkey])
    session.flush()
    return {
        "account": calendar.account_id,
        "lookup": lookup.public_id,
        "event": time_off_id(leave),
        "passkey": passkey.public_id,
    }


def _of_nordwind(session: Session, settings: Settings, world: World, call: CallValue) -> dict[str, Any]:
    """A hand-over from Sam to Lev, one under way with the call in it, and time off on the call's day."""
    now, day = clock.now(), call.start.date()
    company = session.scalars(select(Company).where(Company.name == "Nordwind")).one()
    to, starts_on = world.lev.user.public_id, now.date() + timedelta(days=30)
    planned = hand_overs.plan(session, now, settings, world.ada.user, company.public_id, to, starts_on)
    moving = HandOver(
        company_id=company.id,
        from_id=world.sam.id,
        to_id=world.lev.id,
        starts_on=starts_on,
        planned_at=now,
        confirmed_at=now,
        told_at=now,
    )
    away = TimeOff(specialist_id=world.sam.id, uid="leave", first_day=day, last_day=day, noticed_at=now)
    session.add_all([moving, away])
    session.flush()
    session.add(HandOverCall(hand_over_id=moving.id, booking_id=call.id, state="stuck", reason="taken"))
    span = session.scalars(select(Entitlement).where(Entitlement.company_id == company.id)).one()
    return {
        "company": company.public_id,
        "span": span.id,
        "span_start": span.starts_on.isoformat(),
        "hand_over": planned.public_id,
        "moving": moving.public_id,
    }


def _of_ada(session: Session, settings: Settings, world: World) -> dict[str, Any]:
    now, ada = clock.now(), world.ada.user
    today = now.date()
    file_id = files.keep_file(session, now, ada, "companies", b"name\nOstwind\n")
    _kind, plan = files.look(session, today, settings, ada, file_id)
    day = own_days.add_own_day(session, now, ada, today + timedelta(days=60), ("", ""), {"en": "Founders"})
    return {"file": file_id, "digest": plan.digest(), "day": day}


def _secret(session: Session, member: Member) -> str:
    scopes = frozenset(offered_scopes(member.user.role))
    return make_token(session, clock.now(), member.user, TokenWish("Table", scopes))
