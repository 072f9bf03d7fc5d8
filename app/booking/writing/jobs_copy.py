"""A call's event in the calendar of its senior, or of who takes it over: written like the specialist's."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from app.booking.events import event_for_specialist
from app.booking.letters.kinds import Kind
from app.booking.letters.letter import Occasion
from app.booking.life.service import Step, take
from app.booking.lifecycle import Event
from app.booking.models import Booking
from app.booking.reassigning.service import as_taken_over, stay, take_over
from app.booking.seniors.service import leave
from app.booking.writing import service, service_copy
from app.booking.writing.jobs_round import ROUNDS, Round
from app.booking.writing.plan import Copy, Home, is_event_of, reconciled
from app.calendars.errors import Changed, Gone, NoCalendar
from app.calendars.jobs import sync_person
from app.calendars.server.client import CalDavClient
from app.calendars.server.writing import put_changed, put_new
from app.calendars.values import Fetched
from app.customers.profiles import SpecialistProfile
from app.ical.edited import holds
from app.ical.event import CalendarEvent, write_event
from app.lib.crashpoints import reached


def copies_of(other: Round) -> "list[CopyWriting]":
    """A round for each of the call's events in the calendars of seniors."""
    return [CopyWriting(other, copy) for copy in other.task.copies]


class CopyWriting(Round):
    """One round for one senior's event. Every step may raise CalendarTrouble."""

    def __init__(self, other: Round, copy: Copy) -> None:
        super().__init__(other.session, other.settings, other.task, other.now)
        self.copy = copy

    @property
    def is_wanted(self) -> bool:
        """Whether the senior takes part."""
        return self.copy.person is not None

    @property
    def _is_successor(self) -> bool:
        """Whether this is who takes the call over."""
        return self.copy.person_id == self.task.call.successor_id

    @property
    def _is_too_late(self) -> bool:
        return self._is_successor and self.now() >= self.task.call.start

    def is_free(self) -> bool:
        """Whether nothing but the call's own event takes the senior's time, looked at now."""
        self._sync_copy()
        answer = service.is_free_for(self.session, self.copy.person_id, self.task)
        self.session.rollback()
        return answer

    def bring(self) -> None:
        """Beside a call that stands: the event is written, or goes; a new senior joins if they are free."""
        if not self.is_wanted:
            self.remove()
        elif self._is_too_late:
            self.locked(self._lose)
        elif self.copy.has_joined:
            stored = self.write()
            self.locked(lambda s: self.keep(s, stored, counts=service.is_unchanged(s, self.task)))
        elif self.is_free():
            stored = self.write()
            outcome = self._join if self.is_free() else self._lose
            self.locked(lambda s: outcome(s, stored))
        else:
            self.locked(self._lose)

    def write(self) -> Fetched:
        """Write the event; what stands there then."""
        if self.copy.home is None:
            self._move_home()
        owner, call = self._owner(), self.task.call
        if self._is_successor:
            call = as_taken_over(self.session, call, owner)
            self.session.rollback()
        event = event_for_specialist(call, self.task.target, self.settings.public_url, owner)
        with self._client(self._copy_home()) as client:
            try:
                stored = self._put(client, event, owner)
            except Gone:
                self._follow_choice()
                raise
        reached("copy_put")
        return stored

    def keep(self, session: Session, stored: Fetched, *, counts: bool) -> None:
        """Remember what was written; unless it ``counts``, it is to be written anew, or goes."""
        call, home = self.task.call, self._copy_home()
        said = call.sequence if counts else None
        service_copy.keep_copy(session, self.now(), self.copy, home, stored, said, call.uid)

    def remove(self) -> None:
        """Take the event out of the calendar; being gone counts as done, and so does a calendar let go."""
        if self.copy.home is not None:
            with self._client(self.copy.home) as client:
                self._remove_event(client, self.copy.href)
        reached("copy_removed")
        self.locked(lambda s: service_copy.forget_copy(s, self.now(), self.copy))

    def _join(self, session: Session, stored: Fetched) -> None:
        is_unchanged = service.is_unchanged(session, self.task)
        self.keep(session, stored, counts=is_unchanged)
        if is_unchanged and self._is_successor:
            take_over(session, self.now(), self.settings, self._row(session))
        elif is_unchanged:
            name = self._owner().name
            step = Step(Event.SENIOR_JOINS, told=Occasion(Kind.SENIOR_JOINED, senior=name))
            take(session, self.now(), self.settings, self._row(session), step, senior=name)

    def _lose(self, session: Session, stored: Fetched | None = None) -> None:
        now = self.now()
        if stored is not None:
            self.keep(session, stored, counts=False)
        if not service.is_unchanged(session, self.task):
            return
        if self._is_successor:
            stay(session, now, self.settings, self._row(session), None)
        elif now < self.task.call.start:
            leave(session, now, self.settings, self._row(session), Step(Event.LOSE_SENIOR))

    def _row(self, session: Session) -> Booking:
        return session.get_one(Booking, self.task.call.id, populate_existing=True)

    def _put(self, client: CalDavClient, event: CalendarEvent, owner: SpecialistProfile) -> Fetched:
        href, zone = self.copy.href, owner.time_zone
        current = client.get(href)
        for _ in range(ROUNDS):
            text, says = _merged(event, current, owner)
            if current is not None and holds(current.text, says, zone):
                return current
            is_ours = _says(says, zone)
            try:
                if current is None:
                    etag = put_new(client, href, text, is_ours)
                else:
                    etag = put_changed(client, href, text, current.etag, is_ours, current.text)
                return Fetched(href, etag, text)
            except Changed as changed:
                if changed.current is None:
                    self._adopt()
                    raise
                current = changed.current
            except Gone:
                if current is None:
                    raise
                current = None
        raise Changed(None, "keeps_changing")

    def _adopt(self) -> None:
        """It stands at another href than asked for (some servers rename): that one is ours from now on."""
        self._sync_copy()
        found = service_copy.copy_places(self.session, self.copy, self.task.call.uid)
        self.session.rollback()
        if found and found[0].href != self.copy.href:
            place = found[0]
            self.locked(lambda s: service_copy.place_copy(s, self.copy, place.calendar_id, place.href))

    def _sync_copy(self) -> None:
        sync_person(self.session, self.settings, self.now(), self.copy.person_id)

    def _follow_choice(self) -> None:
        """The calendar is gone on the server: the event goes where bookings go now, if that is another."""
        target = self.copy.target_home
        if target is not None and target.calendar_id != self._copy_home().calendar_id:
            self._move_home()

    def _move_home(self) -> None:
        target = self.copy.target_home
        if target is None:
            raise NoCalendar("no_booking_calendar")
        href = f"{target.href.rstrip('/')}/{self.task.call.uid}.ics"
        self.locked(lambda s: service_copy.place_copy(s, self.copy, target.calendar_id, href))
        self.copy = replace(self.copy, href=href, etag="", home=target)

    def _copy_home(self) -> Home:
        if self.copy.home is None:
            raise NoCalendar("no_booking_calendar")
        return self.copy.home

    def _owner(self) -> SpecialistProfile:
        if self.copy.person is None:
            raise NoCalendar("nobody")
        return self.copy.person


def give_up(
    other: Round, stored: Fetched | None = None, written: Sequence[tuple[CopyWriting, Fetched]] = ()
) -> None:
    """Somebody who takes part is not free: the new time is given up for the old one, or the call ends.

    ``stored`` and ``written`` are what stands in the calendars already.
    """

    def work(session: Session) -> None:
        for copy, there in written:
            copy.keep(session, there, counts=False)
        end = service.decline if other.task.call.move is None else service.drop_move
        end(session, other.now(), other.settings, other.task, stored)

    other.locked(work)


def _merged(
    event: CalendarEvent, current: Fetched | None, owner: SpecialistProfile
) -> tuple[str, CalendarEvent]:
    """The object to write, keeping what its owner made of it; a time of theirs is not for them to choose."""
    if current is None:
        return write_event(event), event
    if not is_event_of(current.text, event.uid):
        raise Changed(None, "foreign_object")
    return reconciled(current.text, event, owner, None) or (write_event(event), event)


def _says(event: CalendarEvent, zone: str) -> Callable[[str], bool]:
    return lambda stored: holds(stored, event, zone)
