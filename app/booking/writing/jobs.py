"""One round of bringing the calendar to what a booking says; it may be killed anywhere and repeated."""

import logging
from collections.abc import Callable
from contextlib import suppress

from sqlalchemy.orm import Session

from app.booking.following.service import meet
from app.booking.writing import service
from app.booking.writing.jobs_copy import copies_of, give_up
from app.booking.writing.jobs_round import ROUNDS, Round
from app.booking.writing.plan import (
    Action,
    Home,
    Stand,
    Task,
    how_it_stands,
    is_event_of,
    reconciled,
    wanted_event,
)
from app.calendars.errors import CalendarTrouble, Changed, Gone, NoCalendar
from app.calendars.server.client import CalDavClient
from app.calendars.server.writing import put_changed, put_new, version_of
from app.calendars.values import Fetched, Standing
from app.ical.edited import holds
from app.ical.event import CalendarEvent, write_event
from app.lib.crashpoints import reached

log = logging.getLogger(__name__)


class Writing(Round):
    """One round for one booking, as it was when the round began. Every step may raise CalendarTrouble."""

    def step(self, action: Action) -> bool:
        """Do what is due; False when there is nothing more to do after it."""
        match action:
            case Action.REMOVE:
                # One calendar that is away does not keep the event in the others.
                self.apart([self._remove, *(copy.remove for copy in copies_of(self))])
                return False
            case Action.EXPIRE:
                self._note(service.expire)
            case Action.DROP_MOVE:
                self._note(service.drop_move)
            case Action.REHOME:
                self._rehome()
            case Action.WRITE:
                self._write()
            case Action.COPY:
                due = self.task.due_copies(self.now())
                self.apart(copy.bring for copy in copies_of(self) if copy.copy in due)
            case Action.LOOK:
                return self._look_at_clash()
        return True

    def _look_at_clash(self) -> bool:
        """A clash is over when nothing else stands there any more and our event still does."""
        self._sync()
        if not self._is_free():
            return False
        with self._client(self._home()) as client:
            current = client.get(self.task.href)
        if current is None or how_it_stands(current.text, self.task) is not Stand.HERE:
            return False
        self.locked(lambda s: service.confirm(s, self.now(), self.settings, self.task, current))
        return False

    def _write(self) -> None:
        task = self.task
        copies = [copy for copy in copies_of(self) if copy.is_wanted] if task.is_promise else []
        if task.is_promise:
            self._sync()
            if self._is_overtaken():
                return
            if not self._is_free() or not all(copy.is_free() for copy in copies):
                give_up(self)
                return
        reached("looked")
        try:
            stored = self._put()
        except _Resolved:
            return
        reached("put_done")
        if task.is_promise or not task.etag:
            settled = self._second_look(stored)
            if settled is None:
                return
            stored = settled
        written = [(copy, copy.write()) for copy in copies]
        if not all(copy.is_free() for copy in copies):
            give_up(self, stored, written)
            return
        reached("looked_again")

        def confirm(session: Session) -> None:
            is_confirmed = service.confirm(session, self.now(), self.settings, task, stored)
            for copy, there in written:
                copy.keep(session, there, counts=is_confirmed)

        self.locked(confirm)
        reached("confirmed")

    def _is_free(self) -> bool:
        answer = service.is_free(self.session, self.task)
        self.session.rollback()
        return answer

    def _is_overtaken(self) -> bool:
        """Whether the owner has moved the event before this round: theirs counts, whatever else is there."""
        there = service.standing(self.session, self.task)
        starts = service.known_starts(self.session, self.task.call)
        self.session.rollback()
        if there is None or version_of(there.etag, there.text) == self.task.etag:
            return False
        if how_it_stands(there.text, self.task, starts) is not Stand.ELSEWHERE:
            return False
        self._meet(Fetched(there.href, there.etag, there.text))
        return True

    def _second_look(self, stored: Fetched) -> Fetched | None:
        """What stands there when everything was looked at once more; None when that ended the round.

        Moved by its owner since: judged by their time. Deleted or declined since: one look is not believed,
        the passes that follow decide.
        """
        self._sync()
        if self._adopt():
            return None
        there = service.standing(self.session, self.task)
        self.session.rollback()
        if there is not None and version_of(there.etag, there.text) != version_of(stored.etag, stored.text):
            current = Fetched(there.href, there.etag, there.text)
            match how_it_stands(there.text, self.task):
                case Stand.ELSEWHERE:
                    self._meet(current)
                    return None
                case Stand.HERE | Stand.UNREADABLE:
                    stored = current
        if self.task.is_promise and not self._is_free():
            # A new time is given up for the old one, which is still ours.
            clash = service.find_clash if self.task.call.move is None else service.drop_move
            self.locked(lambda s: clash(s, self.now(), self.settings, self.task, stored))
            return None
        return stored

    def _meet(self, current: Fetched) -> None:
        self.locked(lambda s: meet(s, self.now(), self.settings, self.task, current))

    def _put(self) -> Fetched:
        """Write the event; what stands there then. Raises _Resolved when that ended the round."""
        event = wanted_event(self.task, self.settings)
        with self._client(self._home()) as client:
            try:
                if self.task.etag:
                    return self._change(client, event, client.get(self.task.href))
                return self._create(client, event)
            except Gone:
                self._follow_choice()
                raise

    def _create(self, client: CalDavClient, event: CalendarEvent) -> Fetched:
        text, href = write_event(event), self.task.href
        try:
            etag = put_new(client, href, text, lambda stored: holds(stored, event, self.task.zone))
        except Changed as changed:
            if changed.current is None:
                self._sync()
                if self._adopt():
                    raise _Resolved from changed
                raise
            return self._change(client, event, changed.current)
        return Fetched(href, etag, text)

    def _change(self, client: CalDavClient, event: CalendarEvent, current: Fetched | None) -> Fetched:
        """Write over what stands there: by its version, and keeping what the owner made of it.

        It is read first, because the condition alone protects nothing on servers that ignore it.
        """
        for _ in range(ROUNDS):
            if current is None:
                return self._create_again(client, event)
            text, says = self._merged(event, current)
            if holds(current.text, says, self.task.zone):
                return current
            try:
                is_ours = _is_written(says, self.task)
                etag = put_changed(client, self.task.href, text, current.etag, is_ours, current.text)
            except Changed as changed:
                current = changed.current
            except Gone:
                current = None
            else:
                return Fetched(self.task.href, etag, text)
        raise Changed(None, "keeps_changing")

    def _create_again(self, client: CalDavClient, event: CalendarEvent) -> Fetched:
        """Not there any more: adopted where it stands now, else the customer's wish is the newer one."""
        self._sync()
        if self._adopt():
            raise _Resolved
        return self._create(client, event)

    def _merged(self, event: CalendarEvent, current: Fetched) -> tuple[str, CalendarEvent]:
        starts = None
        if version_of(current.etag, current.text) != self.task.etag:
            starts = service.known_starts(self.session, self.task.call)
            self.session.rollback()
        merged = reconciled(current.text, event, self.task.call.specialist, starts)
        if merged is not None:
            return merged
        if not is_event_of(current.text, event.uid):
            log.error("a foreign object stands at the href of booking %s", self.task.call.id)
            raise Changed(None, "foreign_object")
        # Moved by its owner before we came: they were first, so it is decided again.
        self._meet(current)
        raise _Resolved

    def _adopt(self) -> bool:
        """Whether the event stands at another href than written (some servers rename): that one is ours."""
        found = service.places(self.session, self.task)
        self.session.rollback()
        if not found or self.task.is_place(found[0]):
            return False
        place = found[0]
        self.locked(lambda s: service.note_place(s, self.task, place))
        return True

    def _follow_choice(self) -> None:
        """The calendar is gone on the server: the event goes where bookings go now, if that is another."""
        home, target = self.task.home, self.task.target_home
        if home and target and home.calendar_id != target.calendar_id:
            self.locked(lambda s: service.rehome(s, self.now(), self.task, target))
            raise _Resolved

    def _rehome(self) -> None:
        """Its calendar is not connected any more: out of it if possible, and into the one chosen now."""
        target = self.task.target_home
        if target is None:
            raise NoCalendar("no_booking_calendar")
        if self.task.etag:
            with self._client(target) as client:
                self._remove_event(client, self.task.href)
        self.locked(lambda s: service.rehome(s, self.now(), self.task, target))

    def _remove(self) -> None:
        """Take the event out of the calendar, whatever was made of it there; being gone counts as done."""
        home = self._home()
        with self._client(home) as client:
            is_here = self._remove_event(client, self.task.href)
        if not is_here:
            # Only for what was never written is it no matter that some server cannot be asked.
            with suppress(*(() if self.task.etag else (CalendarTrouble,))):
                self._sync()
        others = self._elsewhere(home, is_here=is_here)
        for item in others:
            with self._client_of(item.account_id) as client:
                self._remove_event(client, item.href)
        reached("removed")
        self.locked(lambda s: service.note_removed(s, self.now(), self.task, others))

    def _elsewhere(self, home: Home, *, is_here: bool) -> list[Standing]:
        """What else has our UID in our calendar; when nothing has, the event that was taken elsewhere."""
        found = [item for item in service.places(self.session, self.task) if not self.task.is_place(item)]
        self.session.rollback()
        ours = [item for item in found if item.calendar_id == home.calendar_id]
        return ours or ([] if is_here else found[:1])


class _Resolved(Exception):
    """The round has ended otherwise; what comes next is read from the booking."""


def _is_written(event: CalendarEvent, task: Task) -> Callable[[str], bool]:
    return lambda stored: holds(stored, event, task.zone)
