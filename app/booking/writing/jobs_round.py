"""What one round of writing works with: the booking as it was, its servers, and the write lock."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime

from sqlalchemy.orm import Session

from app.booking.writing.plan import Home, Task
from app.calendars.errors import NoCalendar
from app.calendars.jobs import sync_person
from app.calendars.server.client import CalDavClient
from app.calendars.service import open_client
from app.config import Settings
from app.lib.db import write


class Round:
    """The network is used between transactions, never inside of one; it takes time, so ``now`` is asked."""

    def __init__(self, session: Session, settings: Settings, task: Task, now: Callable[[], datetime]) -> None:
        self.session, self.settings, self.task, self.now = session, settings, task, now
        self.host = task.call.specialist.user_id

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
        self._locked(lambda s: outcome(s, self.now(), self.settings, self.task))

    def _locked(self, work: Callable[[Session], object]) -> None:
        write(self.session, [self.host], work)
