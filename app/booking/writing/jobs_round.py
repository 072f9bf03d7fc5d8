"""What one round of writing works with: the booking as it was, its servers, and the write lock."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime

from sqlalchemy.orm import Session

from app.booking.writing.plan import Home, Task, is_event_of
from app.calendars.errors import CalendarTrouble, Changed, NoCalendar
from app.calendars.jobs import sync_person
from app.calendars.server.client import CalDavClient
from app.calendars.server.writing import remove
from app.calendars.service import open_client
from app.config import Settings
from app.lib.db import write

# Somebody who changes the event each time it is written is not raced against.
ROUNDS = 3


class Round:
    """The network is used between transactions, never inside of one; it takes time, so ``now`` is asked."""

    def __init__(self, session: Session, settings: Settings, task: Task, now: Callable[[], datetime]) -> None:
        self.session, self.settings, self.task, self.now = session, settings, task, now
        self.host = task.call.specialist.user_id
        self.people = [self.host, *(copy.person_id for copy in task.copies)]

    def _home(self) -> Home:
        home = self.task.home or self.task.target_home
        if home is None:
            raise NoCalendar("no_booking_calendar")
        return home

    def _sync(self) -> None:
        sync_person(self.session, self.settings, self.now(), self.host)

    def _client(self, home: Home) -> AbstractContextManager[CalDavClient]:
        return self._client_of(home.account_id)

    @contextmanager
    def _client_of(self, account_id: int) -> Iterator[CalDavClient]:
        client = open_client(self.session, self.settings, account_id)
        self.session.rollback()
        try:
            yield client
        finally:
            client.close()

    def _note(self, outcome: Callable[..., None]) -> None:
        self.locked(lambda s: outcome(s, self.now(), self.settings, self.task))

    def locked(self, work: Callable[[Session], object]) -> None:
        """One write transaction under the lock of everybody who takes part."""
        write(self.session, self.people, work)

    def apart(self, works: Iterable[Callable[[], object]]) -> None:
        """Do all of it; the first CalendarTrouble is raised when everything was tried."""
        troubles: list[CalendarTrouble] = []
        for work in works:
            try:
                work()
            except CalendarTrouble as trouble:
                self.session.rollback()
                troubles.append(trouble)
        if troubles:
            raise troubles[0]

    def _remove_event(self, client: CalDavClient, href: str) -> bool:
        """Whether it stood there. Raises Changed when it is changed again and again."""
        current = client.get(href)
        for _ in range(ROUNDS):
            if current is None or not is_event_of(current.text, self.task.call.uid):
                return False
            try:
                remove(client, href, current.etag, current.text)
                return True
            except Changed as changed:
                current = changed.current
        raise Changed(None, "keeps_changing")
