"""Requests in tests: opened, answered, waited for, with the worker's pass that warns."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.config import Settings
from app.desk import queries as desk
from app.desk.requests import queries, service
from app.desk.requests.values import RequestValue
from app.desk.service import write_message
from app.desk.values import Channel, Side, Written
from app.desk.warnings.jobs import warn_pass
from app.lib.db import write
from app.mail.models import OutgoingMail
from tests.desk.wanted import wanted
from tests.world import Member, World, build_world

# 10:00 in Bratislava.
MONDAY = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@dataclass
class Office:
    """The desk as entry points use it, each step in a transaction of its own."""

    session: Session
    settings: Settings
    world: World

    def open(
        self, severity: int, at: datetime = MONDAY, contact: Member | None = None, **changes: object
    ) -> RequestValue:
        who = contact or self.world.vera
        asked = wanted(who, severity, f"{at}", **changes)
        return write(self.session, [], lambda s: service.open_request(s, at, self.settings, asked))

    def say(self, at: datetime, request: RequestValue, who: Member, **more: object) -> None:
        side = Side.STAFF if who.user.is_staff else Side.CUSTOMER
        written = Written(side, Channel.PAGE, "words", f"{at}", who.id, who.user.name)
        written = replace(written, **more)  # type: ignore[arg-type]
        number = request.conversation.id
        write(self.session, [], lambda s: write_message(s, at, self.settings, number, written))

    def change(self, at: datetime, request: RequestValue, severity: int) -> None:
        sam, number = self.world.sam.user, request.conversation.id
        write(
            self.session,
            [],
            lambda s: service.change_severity(s, at, self.settings, sam, number, severity, "It is so"),
        )

    def solve(self, at: datetime, request: RequestValue, who: Member) -> None:
        number = request.conversation.id
        write(self.session, [], lambda s: service.solve(s, at, self.settings, who.user, number))

    def run(self, at: datetime) -> None:
        """The worker's pass."""
        warn_pass(self.session, self.settings, at)

    def now_of(self, request: RequestValue) -> RequestValue:
        self.session.rollback()
        return queries.request_of(self.session, request.conversation.id)

    def happenings(self, request: RequestValue, *, for_staff: bool = True) -> list[str]:
        lines = desk.messages(self.session, request.conversation.id, for_staff=for_staff)
        return [line.happening for line in lines if line.happening]

    def mailed(self, start: str = "clock:") -> list[tuple[str, str]]:
        """What is told by mails whose keys begin so, and to whom, in order."""
        self.session.rollback()
        wanted = select(OutgoingMail.subject_key, OutgoingMail.recipient).order_by(OutgoingMail.id)
        rows = self.session.execute(wanted.where(OutgoingMail.subject_key.startswith(start)))
        return [(":".join(row.subject_key.split(":")[2:4]), row.recipient) for row in rows]


def make_office(session: Session, settings: Settings) -> Office:
    """The cast at its desk, on Monday morning."""
    return Office(session, settings, build_world(session, MONDAY))
