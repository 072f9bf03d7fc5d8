"""A feed's version changes whenever its bytes do, whatever happens to calls, people and calendars."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import icalendar
import pytest
from ical.calendar_stream import IcsCalendarStream
from sqlalchemy import Update, UpdateBase, update

from app.accounts.models import User
from app.accounts.values import SignedIn
from app.booking import service
from app.booking.feeds import service_reading
from app.booking.models import Booking, CallType
from app.booking.values import CallValue
from app.calendars.models import Calendar, CalendarAccount, CalendarPicture
from app.customers.models import Assignment, Company, Entitlement, Specialist
from app.lib.errors import DomainError
from app.lib.intervals import Interval
from app.lib.packed import pack
from tests.booking.core.desk import NOW, Desk

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HOSTILE = [
    "",
    "a,b;c\\n",
    "=HYPERLINK(1)",
    "строка " * 20,
    "<script>",
    "x\r\nATTENDEE:mailto:a@b",
    "a\u2028b:\tc",
]


COLUMNS: dict[str, list[Any]] = {
    "topic": HOSTILE,
    "phone": ["", "+49 30 1", "+49 30 2"],
    "room_url": ["", "https://meet.example/1", "https://meet.example/2"],
    "way": ["video", "phone"],
    "sequence": [0, 1, 2],
    "written_sequence": [None, 0, 1],
}


class Chance:
    """Something happens, seldom the same twice."""

    def __init__(self, desk: Desk, seed: int) -> None:
        self.desk, self.dice = desk, random.Random(seed)
        self.calls: list[CallValue] = []

    def happen(self) -> None:
        passing = self.dice.choice([0] * 9 + [1, 9, 25 * 60])
        self.desk.now += timedelta(minutes=passing, microseconds=1)
        steps = [self.book, self.book, self.cancel, self.move, self.edit, self.rename, self.arrange]
        self.look()
        try:
            self.dice.choice(steps)()
        except DomainError:
            self.desk.session.rollback()
        self.desk.session.commit()

    def book(self) -> None:
        who = self.dice.choice([self.desk.world.vera, self.desk.world.pavel])
        call = self.desk.book(who, self.start(), topic=self.dice.choice(HOSTILE))
        confirmed = {"status": "confirmed", "confirmed_at": self.desk.now, "written_sequence": call.sequence}
        self.desk.session.execute(update(Booking).where(Booking.id == call.id).values(**confirmed))
        self.calls.append(call)

    def start(self) -> datetime:
        day = self.desk.now.replace(hour=9, minute=0, second=0, microsecond=0) + self.dice.randrange(
            1, 5
        ) * timedelta(days=1)
        return day + self.dice.randrange(5) * HOUR

    def cancel(self) -> None:
        self.desk.cancel(self.owner(), self.one())

    def move(self) -> None:
        self.desk.move(self.owner(), self.one(), self.start())

    def one(self) -> CallValue:
        if not self.calls:
            raise DomainError("no call yet")
        return self.dice.choice(self.calls)

    def owner(self) -> SignedIn:
        return self.dice.choice([self.desk.world.vera, self.desk.world.pavel]).user

    def edit(self) -> None:
        """A column is changed, and when, as every step of a call does it."""
        column, values = self.dice.choice(list(COLUMNS.items()))
        value = self.dice.choice(values)
        some = Booking.id == self.dice.randrange(1, len(self.calls) + 2)
        self.desk.session.execute(
            update(Booking).where(some).values({column: value, "changed_at": self.desk.now})
        )

    def rename(self) -> None:
        text = self.dice.choice(HOSTILE[1:])
        name = f"{text}{self.dice.randrange(3)}"
        changes: list[Callable[[], Update]] = [
            lambda: update(User).where(User.id == self.desk.world.sam.id).values(name=name),
            lambda: update(User).where(User.id == self.desk.world.vera.id).values(name=name),
            lambda: update(User).values(language=self.dice.choice(["en", "ru"])),
            lambda: (
                update(Company).where(Company.id == self.desk.world.vera.profile.company_id).values(name=name)
            ),
            lambda: update(CallType).values(names={"en": name, "ru": text}),
        ]
        self.desk.session.execute(self.dice.choice(changes)())

    def arrange(self) -> None:
        """Something that decides when somebody is in changes, whatever it is."""
        world, day = self.desk.world, self.desk.now.date()
        other = self.dice.choice([world.sam.id, world.lev.id])
        company_id = world.vera.profile.company_id
        here = Assignment.company_id == company_id
        changes: list[Callable[[], UpdateBase]] = [
            lambda: update(Assignment).where(here).values(specialist_id=other),
            lambda: update(Assignment).where(here).values(starts_on=day + DAY * self.dice.choice([-9, 1])),
            lambda: update(Entitlement).values(ends_on=day + DAY * self.dice.choice([-1, 3, 90])),
            lambda: update(Company).values(plan=self.dice.choice(["all_inclusive"] * 3 + ["basic"])),
            lambda: update(Specialist).values(country=self.dice.choice(["DE", "RU"])),
            lambda: update(CalendarAccount).values(in_step_at=self.desk.now - HOUR),
            lambda: update(Calendar).values(purpose=self.dice.choice(["busy", "ignored"])),
        ]
        self.desk.session.execute(self.dice.choice(changes)())

    def look(self) -> None:
        """The calendar is read again, and something new stands in it."""
        start = self.start() + self.dice.randrange(3) * timedelta(minutes=17)
        busy = pack([Interval(start, start + timedelta(minutes=self.dice.choice([5, 35, 200])))])
        self.desk.session.execute(update(CalendarPicture).values(busy=busy))
        if self.dice.randrange(9):
            self.desk.session.execute(update(CalendarAccount).values(in_step_at=self.desk.now))
        self.desk.session.commit()


@pytest.mark.postgres
@pytest.mark.parametrize("seed", range(2))
def test_other_bytes_have_another_version(desk: Desk, seed: int) -> None:
    world = desk.world
    links = [(world.vera, "calls"), (world.sam, "calls"), (world.vera, "presence")]
    tokens = [service.make_feed(desk.session, NOW, who.user, "x", kind)[1] for who, kind in links]
    desk.session.commit()
    chance = Chance(desk, seed)
    seen: list[dict[str, bytes]] = [{} for _ in tokens]
    for _ in range(60):
        chance.happen()
        for known, token in zip(seen, tokens, strict=True):
            found = service.feed(desk.session.connection(), desk.now, desk.settings, token)
            body = found.write()
            assert known.setdefault(found.version, body) == body
            service_reading.forget()
            anew = service.feed(desk.session.connection(), desk.now, desk.settings, token)
            assert (anew.version, anew.write()) == (found.version, body)
            read_strictly(body)
    assert all(len(known) > 5 for known in seen)
    assert len(chance.calls) > 3


def read_strictly(body: bytes) -> None:
    """Two independent parsers see the same entries, and nobody's address."""
    one = icalendar.Calendar.from_ical(body)
    assert not one.errors
    assert all(not event.errors for event in one.walk("VEVENT"))
    other = IcsCalendarStream.calendar_from_ics(body.decode())
    uids = [str(event["UID"]) for event in one.walk("VEVENT")]
    assert uids == [event.uid for event in other.events]
    assert len(set(uids)) == len(uids)
    assert not one.walk("VFREEBUSY")
    names = {str(name) for part in one.walk() for name in part}
    assert not names & {"ATTENDEE", "ORGANIZER", "CONTACT", "METHOD", "X-WR-TIMEZONE"}
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
