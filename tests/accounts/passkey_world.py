"""Browsers with devices in software, at an address that can have passkeys."""

from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.config import Settings
from tests.accounts.browsing import operator_link, post
from tests.support.soft_key import SoftKey
from tests.world import Member

SECOND, ENROL, AGAIN = "/sign-in/second", "/sign-in/enrol", "/sign-in/again"
OVERVIEW = "/profile/security"
NEW = f"{OVERVIEW}/passkeys/new"
ORIGIN = "http://localhost:8123"


def first_proof(app: Flask, settings: Settings, member: Member) -> FlaskClient:
    client = app.test_client()
    post(client, operator_link(app, settings, member.email))
    return client


def question(client: FlaskClient, form: str, page: str) -> dict[str, Any]:
    """What the browser is to ask of the device, for the form that goes to this address."""
    answer = post(client, f"{form}/question", page)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return dict(answer.json or {})


def register(client: FlaskClient, name: str = "Phone", key: SoftKey | None = None) -> SoftKey:
    key = key or SoftKey(ORIGIN)
    answer = post(client, NEW, credential=key.make(question(client, NEW, NEW)), name=name)
    assert answer.location == OVERVIEW, answer.get_data(as_text=True)
    return key


def give(client: FlaskClient, answer: str) -> TestResponse:
    return post(client, f"{SECOND}/passkey", SECOND, credential=answer)


def signed(client: FlaskClient, key: SoftKey, **more: str) -> str:
    return key.sign(question(client, f"{SECOND}/passkey", SECOND), **more)
