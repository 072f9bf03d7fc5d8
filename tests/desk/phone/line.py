"""Phone calls as the entry points take them, at a time that tests move on."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.config import Settings
from app.desk import queries as conversations
from app.desk.callbacks.models import Callback
from app.desk.phone import queries, service
from app.desk.phone.jobs import phone_pass
from app.desk.phone.models import PhoneCall
from app.desk.phone.service_answering import Ring, Speak, next_step
from app.desk.phone.spoken import House
from app.desk.phone.values import CallState, Incoming, PhoneCallValue, Recording
from app.desk.values import MessageValue
from app.lib.db import write
from tests.desk.phone.provider import VERA
from tests.world import Member, World

T = TypeVar("T")

# Monday 30 November 2026, 10:00 and 18:30 in Bratislava.
MORNING = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
EVENING = datetime(2026, 11, 30, 17, 30, 40, tzinfo=UTC)
TUESDAY_9 = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
TUESDAY_11 = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)
UNKNOWN = "+420222333444"
HOUSE = House("Attaché", "support@attache.example")
AUDIO = "https://api.twilio.com/2010-04-01/Accounts/AC1/Recordings/RE1"


@dataclass
class Line:
    """Calls as the entry points take them, at a time that tests move on."""

    session: Session
    settings: Settings
    world: World
    now: datetime = MORNING

    def write(self, work: Callable[[Session], T]) -> T:
        return write(self.session, [], work)

    def take(self, number: str = VERA, name: str = "CA1") -> PhoneCallValue:
        told = Incoming(name, number)
        return self.write(lambda s: service.take_call(s, self.now, self.settings, told))

    def step(self, call: PhoneCallValue, *rung: str) -> Ring | Speak:
        found = next_step(self.session, self.now, self.settings, call, rung)
        self.session.rollback()
        return found

    def record(self, call: PhoneCallValue, seconds: int = 34, url: str = AUDIO) -> None:
        left = Recording(url, seconds)
        self.write(lambda s: service.note_recording(s, self.now, self.settings, call.id, left))

    def look(self) -> None:
        phone_pass(self.session, self.settings, self.now)

    def assign(self, call: PhoneCallValue, by: Member, email: str) -> PhoneCallValue:
        return self.write(
            lambda s: service.assign(s, self.now, self.settings, by.user, call.public_id, email)
        )

    def state(self, call: PhoneCallValue) -> CallState:
        self.session.rollback()
        return queries.call(self.session, call.id).state

    def callbacks(self) -> list[Callback]:
        self.session.rollback()
        return list(self.session.scalars(select(Callback).order_by(Callback.id)))

    def said(self, conversation_id: int | None) -> list[MessageValue]:
        assert conversation_id is not None
        return conversations.messages(self.session, conversation_id, for_staff=True)

    def row(self, call: PhoneCallValue) -> PhoneCall:
        self.session.rollback()
        return self.session.get_one(PhoneCall, call.id)
