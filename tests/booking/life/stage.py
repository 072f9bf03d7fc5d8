"""Where the life of calls is played: a desk, the worker, and the owners' own hands in their calendars."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.values import SignedIn
from app.availability.hours_edit import Edit
from app.availability.jobs import write_hours
from app.availability.service_hours import HANDLER
from app.availability.time_off.jobs import time_off_pass
from app.booking import jobs, queries, service
from app.booking.answers.service import settle_overtaken
from app.booking.answers.service_intake import specialists_concerned, take
from app.booking.handover.jobs import hand_over_pass
from app.booking.models import Attendee, Booking
from app.booking.reminding.jobs import remind_pass
from app.booking.values import CallValue
from app.booking.waiting.jobs import waiting_pass
from app.booking.waiting.queries import places
from app.calendars.errors import CalendarTrouble
from app.calendars.jobs import sync_person
from app.calendars.values import Fetched
from app.invites.replies import Outcome
from app.jobs.client import client_of, live_keys
from app.lib.db import write
from app.lib.intervals import Interval
from app.mail.incoming import read_mail
from app.mail.service_incoming import identity_of
from app.mail.values import Received
from tests.booking.life.model import Seen
from tests.booking.life.standing import Standing, read_event, stamps
from tests.booking.series.desk import SeriesDesk
from tests.booking.waiting.queue import Queue
from tests.calendars.world import HOURS, WORK, ics
from tests.fakes.calendar_server import FakeCalendarServer
from tests.world import Member

Made = TypeVar("Made")

# As deep as work enqueues work.
_ROUNDS = 10


@dataclass
class Stage(Queue, SeriesDesk):
    """``servers`` are those of Sam and Lev, by their ids; ``surprises`` what was logged as an error.

    ``unfinished`` are calls whose work waits for a calendar that is away.
    """

    servers: Mapping[int, FakeCalendarServer] = field(default_factory=dict)
    surprises: list[str] = field(default_factory=list)
    unfinished: set[int] = field(default_factory=set)

    @property
    def hosts(self) -> Mapping[int, Member]:
        """Who may have calls, by id."""
        return {member.id: member for member in (self.world.sam, self.world.lev)}

    def is_away(self, person_id: int) -> bool:
        """Whether this person's calendar does not answer."""
        return self.servers[person_id].is_away

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
        found = [
            item for host in self.hosts.values() for item in service.proposals(session, self.now, host.user)
        ]
        session.rollback()
        sets = {number: frozenset(emails) for number, emails in guests.items()}
        return Seen(calls, sets, line, {item.public_id: item for item in found})

    def write_as(self, user: SignedIn, call: CallValue, work: Callable[[Session], Made]) -> Made:
        """What somebody does with a call on its page."""
        return self._write(user.id, work, call.public_id)

    def write_for_all(self, work: Callable[[Session], Made]) -> Made:
        """What somebody does with many calls at a time, or with those of others."""
        return write(self.session, list(self.servers), work)

    # In the calendars.

    def standing(self, person_id: int) -> list[Standing]:
        """What stands in a person's calendars on the server, but for the hours that they work."""
        zone = self.hosts[person_id].profile.time_zone
        found = [read_event(item.text, zone) for item in self._objects(person_id).values()]
        return [item for item in found if item.uid != "hours"]

    def appoint(self, person_id: int, name: str, span: Interval) -> None:
        """Their own appointment."""
        self.servers[person_id].store(f"{WORK}{name}.ics", ics(name, *stamps(span)))

    def go_on_leave(self, person_id: int, name: str, first: date, last: date, stand_in: str) -> None:
        """Whole days of their own, both included; ``stand_in`` is whom they name, '' for nobody."""
        days = (f"{day:%Y%m%d}" for day in (first, last + timedelta(days=1)))
        lines = [f"DESCRIPTION:Stand-in: {stand_in}"] if stand_in else []
        self.servers[person_id].store(f"{HOURS}{name}.ics", ics(name, *days, *lines))

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
            there = read_event(text, "UTC").span
            old, new = stamps(there), stamps(Interval(start, start + there.length))
            moved = text.replace(f"DTSTART:{old[0]}", f"DTSTART:{new[0]}")
            self.servers[person_id].store(href, moved.replace(f"DTEND:{old[1]}", f"DTEND:{new[1]}"))
        return bool(hrefs)

    def retitle(self, person_id: int, call: CallValue) -> None:
        """They give a call's event a title of theirs."""
        for href in self._hrefs(person_id, call.uid):
            text = self._text(person_id, href)
            self.servers[person_id].store(href, text.replace("SUMMARY:", "SUMMARY:! ", 1))

    def _text(self, person_id: int, href: str) -> str:
        return self._objects(person_id)[href].text

    def _hrefs(self, person_id: int, uid: str) -> list[str]:
        objects = self._objects(person_id).items()
        return [href for href, item in objects if f"UID:{uid}" in item.text]

    def _objects(self, person_id: int) -> Mapping[str, Fetched]:
        calendars = self.servers[person_id].calendars
        return calendars[WORK] | calendars[HOURS]

    # What the worker does.

    def look(self) -> None:
        """It reads the calendars and follows what it finds; freed times are offered."""
        for person_id in self.servers:
            with suppress(*((CalendarTrouble,) if self.is_away(person_id) else ())):
                sync_person(self.session, self.settings, self.now, person_id)
            self.session.rollback()
        time_off_pass(self.session, self.settings, self.now)
        jobs.follow_pass(self.session, self.settings, self.now)
        jobs.follow_seniors_pass(self.session, self.settings, self.now)
        waiting_pass(self.session, self.settings, self.now)
        write(self.session, [], lambda s: settle_overtaken(s, self.now))
        hand_over_pass(self.session, self.settings, self.now)

    def work(self) -> None:
        """It does all that is enqueued, and what comes of it."""
        again = self.unfinished
        for _ in range(_ROUNDS):
            keys = sorted(self.live())
            if not keys and not again:
                return
            for booking_id in sorted({int(key.split(":")[1]) for key in keys} | again):
                self.work_for(booking_id)
            again = set()
            client_of(self.session).cancel_workflows(keys)
        raise AssertionError(f"the work never ends: {keys}")

    def work_for(self, booking_id: int) -> None:
        """It brings the calendars to what one call says."""
        pause = jobs.write_booking(self.session, self.settings, booking_id, 0, lambda: self.now)
        self.unfinished = self.unfinished - {booking_id} | ({booking_id} if pause else set())
        assert pause is None or any(map(self.is_away, self.servers)), "all calendars answer"

    def carry_out(self, edit: Edit) -> None:
        """It brings time off that was entered or removed on the page into the calendar, or out of it."""
        assert write_hours(self.session, self.settings, edit.id, 0, lambda: self.now) is None
        client_of(self.session).cancel_workflows([f"{HANDLER}:{edit.public_id}"])

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
