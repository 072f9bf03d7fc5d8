"""The second step of signing in: authenticators for people of the cast, and the codes that they show."""

from datetime import UTC, datetime

from flask import Flask
from sqlalchemy.orm import Session

from app.accounts.proofs import service_setting
from app.accounts.proofs.authenticator import STEP, code_at, new_seed
from app.accounts.values import SignedIn
from app.config import Settings
from app.lib import clock
from app.lib.db import db, write


def give_authenticator(session: Session, now: datetime, settings: Settings, user: SignedIn) -> str:
    """Set up an authenticator for somebody, as if they had enrolled; its seed."""
    seed = new_seed()
    write(session, [user.id], lambda s: service_setting.keep_seed(s, now, settings, user, seed, None))
    return seed


def authenticator_of(app: Flask, user: SignedIn) -> str:
    """The same in an application's database."""
    with app.app_context():
        return give_authenticator(db.session(), clock.now(), app.extensions["attache"], user)


def codes_now(seed: str) -> tuple[str, str]:
    """The code of this moment, and the next one, which is taken when the first one was used before."""
    now = datetime.now(UTC)
    return code_at(seed, now), code_at(seed, now + STEP)
