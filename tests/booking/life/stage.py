"""Where the life of calls is played: a desk, the worker, and the owners' own hands in their calendars."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.values import SignedIn
from app.booking import jobs, queries, service
from app.booking.answers.service import settle_overtaken
from app.booking.answers.service_intake import Received, specialists_concerned, take
from app.booking.models import Attendee, Booking
from app.booking.reminding.jobs import remind_pass
from app.booking.values import CallValue
from app.booking.waiting.jobs import waiting_pass
from app.booking.waiting.queries import places
from app.calendars.jobs import sync_person
from app.invites.replies import Outcome
from app.jobs.client import client_of, live_keys
from app.lib.db import write
from app.lib.intervals import Interval
from app.mail.incoming import read_mail
from app.mail.service_incoming import identity_of
from tests.booking.life.model import Seen
from tests.booking.series.desk import SeriesDesk
from tests.booking.waiting.queue import Queue
from tests.calendars.world import WORK, ics
from tests.fakes.calendar_server import FakeCalendarServer

Made = TypeVar("Made")

# As deep as work enqueues work.
_ROUNDS = 10
_STAMP = re.compile(r"^(DTSTART|DTEND|SEQUENCE|UID):(.*?)\r?$", re.MULTILINE)


@dataclass(frozen=True)
class Standing:
    """An object in somebody's calendar."""

    uid: str
    span: Interval
    sequence: int


@dataclass
class Stage(Queue, SeriesDesk):
    """``servers`` are those of Sam and Lev, by their ids; ``surprises`` what was logged as an error."""

    servers: Mapping[int, FakeCalendarServer] = field(default_factory=dict)
    surprises: list[str] = field(default_factory=list)

    def seen(self) -> Seen:
        """Everything as the database has it now."""
        session = self.session
        session.rollback()
        calls = {call.id: call for call in queries.calls(session, order=Booking.id)}
        guests: dict[int, set[str]] = {number: set() for number in calls}
        on = select(Attendee.booking_id, Attendee.email).where(
            Attendee.removed_at.is_(None), ~Attendee.is_contact
        )
        for booking_id, email in session.execute(on):
            guests[booking_id].add(email)
        line = {place.id: place for place in places(session)}
        found = service.proposals(session, self.now, self.world.sam.user)
        session.rollback()
        sets = {number: frozenset(emails) for number, emails in guests.items()}
        return Seen(calls, sets, line, {item.public_id: item for item in found})

    def write_as(self, user: SignedIn, call: CallValue, work: Callable[[Session], Made]) -> Made:
        """What somebody does with a call on its page."""
        return self._write(user.id, work, call.public_id)

    def write_for_all(self, work: Callable[[Session], Made]) -> Made:
        """What Sam does with many calls at a time."""
        return write(self.session, list(self.servers), work)

    # In the calendars.

    def standing(self, person_id: int) -> list[Standing]:
        """What stands in a person's calendar on the server."""
        return [_read(item.text) for item in self.servers[person_id].calendars[WORK].values()]

    def appoint(self, person_id: int, name: str, span: Interval) -> None:
        """Their own appointment."""
        self.servers[person_id].store(f"{WORK}{name}.ics", ics(name, *_stamps(span)))

    def take_away(self, person_id: int, uid: str) -> bool:
        """They delete whatever has this UID; whether there was anything."""
        hrefs = self._hrefs(person_id, uid)
        for href in hrefs:
            self.servers[person_id].delete(href, None)
        return bool(hrefs)

    def drag(self, person_id: int, call: CallValue, start: datetime) -> bool:
        """They move a call's event; whether it was there."""
        hrefs = self._hrefs(person_id, call.uid)
        for href in hrefs:
            text = self._text(person_id, href)
            there = _read(text).span
            old, new = _stamps(there), _stamps(Interval(start, start + there.length))
            moved = text.replace(f"DTSTART:{old[0]}", f"DTSTART:{new[0]}")
            self.servers[person_id].store(href, moved.replace(f"DTEND:{old[1]}", f"DTEND:{new[1]}"))
        return bool(hrefs)

    def retitle(self, person_id: int, call: CallValue) -> None:
        """They give a call's event a title of theirs."""
        for href in self._hrefs(person_id, call.uid):
            text = self._text(person_id, href)
            self.servers[person_id].store(href, text.replace("SUMMARY:", "SUMMARY:! ", 1))

    def _text(self, person_id: int, href: str) -> str:
        return self.servers[person_id].calendars[WORK][href].text

    def _hrefs(self, person_id: int, uid: str) -> list[str]:
        objects = self.servers[person_id].calendars[WORK]
        return [href for href, item in objects.items() if f"UID:{uid}" in item.text]

    # What the worker does.

    def look(self) -> None:
        """It reads the calendars and follows what it finds; freed times are offered."""
        for person_id in self.servers:
            sync_person(self.session, self.settings, self.now, person_id)
        jobs.follow_pass(self.session, self.settings, self.now)
        jobs.follow_seniors_pass(self.session, self.settings, self.now)
        waiting_pass(self.session, self.settings, self.now)
        write(self.session, [], lambda s: settle_overtaken(s, self.now))

    def work(self) -> None:
        """It does all that is enqueued, and what comes of it."""
        for _ in range(_ROUNDS):
            keys = sorted(self.live())
            if not keys:
                return
            for booking_id in sorted({int(key.split(":")[1]) for key in keys}):
                self.work_for(booking_id)
            client_of(self.session).cancel_workflows(keys)
        raise AssertionError(f"the work never ends: {keys}")

    def work_for(self, booking_id: int) -> None:
        """It brings the calendars to what one call says."""
        pause = jobs.write_booking(self.session, self.settings, booking_id, 0, lambda: self.now)
        assert pause is None, "nothing keeps the calendars from answering"

    def live(self) -> set[str]:
        """The keys of the work that waits."""
        keys = live_keys(self.session)
        self.session.rollback()
        return keys

    def passes(self) -> None:
        """The passes that only the clock calls for."""
        jobs.clash_pass(self.session, self.settings, self.now)
        remind_pass(self.session, self.settings, self.now)

    def receive(self, content: bytes) -> Outcome:
        """A mail came in and is judged."""
        facts = read_mail(content, self.settings.mail_authserv_id)
        received = Received(identity_of(facts, len(content), content), len(content), facts)
        people = specialists_concerned(self.session, received)
        return write(self.session, people, lambda s: take(s, self.now, self.settings, received))


def _stamps(span: Interval) -> tuple[str, str]:
    return f"{span.start:%Y%m%dT%H%M%SZ}", f"{span.end:%Y%m%dT%H%M%SZ}"


def _read(text: str) -> Standing:
    found = dict(_STAMP.findall(text))
    start, end = (
        datetime.strptime(found[name], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) for name in ("DTSTART", "DTEND")
    )
    return Standing(found["UID"], Interval(start, end), int(found.get("SEQUENCE", 0)))
