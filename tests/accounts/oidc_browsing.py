"""Browsers that go to the OpenID provider and come back, and what is found afterwards."""

from http.client import HTTPConnection
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.accounts.models import AuditEntry, UserSession
from app.accounts.openid.jobs import read_pass
from app.lib import clock
from app.lib.db import db
from tests.fakes.openid_provider import OpenidProvider
from tests.world import Member

START, BACK = "/sign-in/openid", "/sign-in/openid/back"


def read_provider(app: Flask) -> None:
    """The worker's pass."""
    with app.app_context():
        read_pass(db.session(), app.extensions["attache"], clock.now())


def be(provider: OpenidProvider, member: Member, **claims: object) -> None:
    """Whoever signs in at the provider is this member of the cast."""
    person = {"sub": f"sub-{member.id}", "email": member.email.upper(), "email_verified": True}
    provider.claims = {**person, "name": member.user.name, **claims}


def at_provider(location: str) -> str:
    """Prove who one is there; the path that the browser is sent back to."""
    parts = urlsplit(location)
    link = HTTPConnection(parts.netloc, timeout=5)
    link.request("GET", f"{parts.path}?{parts.query}")
    answer = link.getresponse()
    assert answer.status == 303
    back = urlsplit(answer.headers["Location"])
    link.close()
    return f"{back.path}?{back.query}"


def leave(client: FlaskClient, onward: str = "") -> str:
    """Press the button and prove who one is; the path that leads back."""
    answer = client.get(START, query_string={"next": onward} if onward else {})
    assert answer.status_code == 303, answer.text
    return at_provider(answer.headers["Location"])


def come(client: FlaskClient, onward: str = "") -> TestResponse:
    """The whole way there and back."""
    return client.get(leave(client, onward))


def methods(app: Flask) -> list[str]:
    """How those who are signed in proved who they are."""
    with app.app_context():
        living = select(UserSession.method).where(UserSession.ended_at.is_(None)).order_by(UserSession.id)
        return list(db.session.scalars(living))


def facts(app: Flask, verb: str) -> list[AuditEntry]:
    """The lines of the audit log with this verb."""
    with app.app_context():
        return list(
            db.session.scalars(select(AuditEntry).where(AuditEntry.verb == verb).order_by(AuditEntry.id))
        )
