"""Requests of the cast, opened and answered through the services at moments of a test's choice."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.config import Settings
from app.desk.models import Conversation
from app.desk.requests import queries, service
from app.desk.requests.values import RequestValue
from app.desk.service import write_message
from app.desk.values import Channel, Side, Written
from app.lib import clock
from app.lib.db import db, write
from app.lib.tokens import new_public_id
from tests.desk.wanted import wanted
from tests.pages.client import PageClient
from tests.world import Member, World, build_world


@dataclass
class Desk:
    """The desk of an application with the cast."""

    app: Flask
    world: World

    @property
    def settings(self) -> Settings:
        """The application's settings."""
        found: Settings = self.app.extensions["attache"]
        return found

    def open(
        self, at: datetime, severity: int = 3, who: Member | None = None, **changes: object
    ) -> RequestValue:
        """A request of a contact, by default Vera's."""
        who = who or self.world.vera
        asked = wanted(
            who,
            severity,
            new_public_id(),
            **{"subject": "Export stops at 10,000 rows", "text": "It stops.\nSince Monday.", **changes},
        )
        with self.app.app_context():
            return write(db.session(), [], lambda s: service.open_request(s, at, self.settings, asked))

    def say(
        self, at: datetime, request: RequestValue, who: Member, text: str = "words", **more: object
    ) -> None:
        """A message in a request."""
        side = Side.STAFF if who.user.is_staff else Side.CUSTOMER
        written = Written(side, Channel.PAGE, text, new_public_id(), who.id, who.user.name)
        written = replace(written, **more)  # type: ignore[arg-type]
        number = request.conversation.id
        with self.app.app_context():
            write(db.session(), [], lambda s: write_message(s, at, self.settings, number, written))

    def now(self, request: RequestValue) -> RequestValue:
        """The request as it is now."""
        with self.app.app_context():
            return queries.request_of(db.session(), request.conversation.id)


def path(request: RequestValue) -> str:
    """A request's page."""
    return f"/requests/{request.conversation.public_id}"


def count_conversations(app: Flask) -> int:
    """How many conversations there are."""
    with app.app_context():
        return len(db.session().scalars(select(Conversation.id)).all())


@pytest.fixture
def now() -> datetime:
    return clock.now()


@pytest.fixture
def world(app: Flask, now: datetime) -> World:
    with app.app_context():
        return build_world(db.session(), now - timedelta(days=1))


@pytest.fixture
def desk(app: Flask, world: World) -> Desk:
    return Desk(app, world)


@pytest.fixture
def vera(app: Flask, world: World) -> PageClient:
    return PageClient(app, world.vera)


@pytest.fixture
def sam(app: Flask, world: World) -> PageClient:
    return PageClient(app, world.sam)
