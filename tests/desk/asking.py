"""Requests of the cast, opened and answered through the services at moments of a test's choice."""

from dataclasses import dataclass, replace
from datetime import datetime

from flask import Flask

from app.config import Settings
from app.desk.requests import queries, service
from app.desk.requests.values import NewRequest, RequestValue
from app.desk.service import write_message
from app.desk.values import Channel, Side, Written
from app.lib.db import db, write
from app.lib.tokens import new_public_id
from tests.world import Member, World


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
        asked = NewRequest(
            company_id=who.profile.company_id,
            contact_id=who.id,
            severity=severity,
            subject="Export stops at 10,000 rows",
            text="It stops.\nSince Monday.",
            key=new_public_id(),
            side=Side.CUSTOMER,
            channel=Channel.PAGE,
            author_id=who.id,
            author_name=who.user.name,
        )
        asked = replace(asked, **changes)  # type: ignore[arg-type]
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
