"""The cast for tests: the same companies, people and call types as in the demo, in one call.

``world = build_world(session, now)`` commits them; then ``world.vera.id``, ``world.vera.user`` (SignedIn),
``world.vera.profile`` (ContactProfile or SpecialistProfile, None for Ada). Nordwind and Sever are served by
Sam, Lynx by Rita, Krause has no option; entitlements began 90 days before ``now`` and have no end.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.accounts import queries, service
from app.accounts.guards import session_cookie
from app.accounts.models import User
from app.accounts.values import ADMINISTRATOR, CONTACT, SignedIn
from app.customers.profiles import ContactProfile, SpecialistProfile
from app.customers.service import contact_profile, specialist_profile
from app.demo.service import make_cast
from app.lib import clock
from app.lib.db import db, write


@dataclass(frozen=True)
class Member:
    """Somebody of the cast; ``profile`` is typed loosely so that tests need no casts."""

    user: SignedIn
    profile: Any

    @property
    def id(self) -> int:
        """The user's id."""
        return self.user.id

    @property
    def email(self) -> str:
        """The user's address."""
        return self.user.email


@dataclass(frozen=True)
class World:
    """Everybody."""

    vera: Member
    pavel: Member
    mallory: Member
    otto: Member
    sam: Member
    rita: Member
    lev: Member
    ada: Member


def build_world(session: Session, now: datetime) -> World:
    """Make the cast and commit; also right when it is there already."""
    ids = make_cast(session, now)
    session.commit()
    world = World(**{name: _member(session, user_id) for name, user_id in ids.items()})
    session.commit()
    return world


def _member(session: Session, user_id: int) -> Member:
    user = queries.person(session, User.id == user_id)
    assert user is not None
    return Member(user, _profile(session, user))


def _profile(session: Session, user: SignedIn) -> ContactProfile | SpecialistProfile | None:
    if user.role == ADMINISTRATOR:
        return None
    return contact_profile(session, user.id) if user.role == CONTACT else specialist_profile(session, user.id)


def session_token_for(app: Flask, member: Member, now: datetime | None = None) -> str:
    """A new session's token, as the cookie ``session_cookie(settings)`` carries it (also for browsers)."""
    with app.app_context():
        begun = write(db.session(), [], lambda s: service.begin_session(s, now or clock.now(), member.user))
        return begun[0]


def client_of(app: Flask, member: Member | None = None) -> FlaskClient:
    """A test client of somebody who is signed in, or of nobody."""
    client = app.test_client()
    if member is not None:
        client.set_cookie(session_cookie(app.extensions["attache"]), session_token_for(app, member))
    return client
