"""Clients that ask for links and press buttons as browsers do."""

import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.accounts import service
from app.accounts.models import SignInLink
from app.config import Settings
from app.lib import clock
from app.lib.db import db, write
from tests.support.second_factor import codes_now
from tests.world import Member

_FIELD = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')


def form_token(client: FlaskClient, path: str) -> str:
    page = client.get(path).get_data(as_text=True)
    match = _FIELD.search(page)
    assert match, page
    return match[1]


def post(client: FlaskClient, path: str, page: str | None = None, **fields: str) -> TestResponse:
    return client.post(path, data={"csrf_token": form_token(client, page or path), **fields})


def ask(client: FlaskClient, email: str) -> TestResponse:
    return post(client, "/sign-in", email=email)


def shown_code(client: FlaskClient) -> str:
    match = re.search(r"\b(\d{3}) (\d{3})\b", client.get("/sign-in/sent").get_data(as_text=True))
    assert match
    return match[1] + match[2]


def mint(app: Flask, settings: Settings, number: int = -1) -> str:
    """Do the worker's part for the newest link; the path that was mailed."""
    with app.app_context():
        ids = list(db.session.scalars(select(SignInLink.id).order_by(SignInLink.id)))
        now = clock.now()
        minted = write(db.session(), [], lambda s: service.mint_asked_link(s, now, settings, ids[number]))
        assert minted is not None
        return minted[1].removeprefix(settings.public_url)


def operator_link(app: Flask, settings: Settings, email: str) -> str:
    with app.app_context():
        now = clock.now()
        address = write(db.session(), [], lambda s: service.mint_operator_link(s, now, settings, email))
        return address.removeprefix(settings.public_url)


def sign_in_as_staff(
    app: Flask, settings: Settings, member: Member, seed: str, user_agent: str = "Werkzeug"
) -> FlaskClient:
    """A client that gave both proofs, a link and a code of this moment."""
    client = app.test_client()
    client.environ_base["HTTP_USER_AGENT"] = user_agent
    assert post(client, operator_link(app, settings, member.email)).location == "/sign-in/second"
    assert post(client, "/sign-in/second", code=codes_now(seed)[0]).status_code == 303
    return client


def change(app: Flask, statement: Any) -> None:
    with app.app_context():
        write(db.session(), [], lambda s: s.execute(statement))


def is_signed_in(client: FlaskClient, home: str = "/") -> bool:
    return client.get(home).status_code != 303
