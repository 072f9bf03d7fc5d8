"""One look at an account: every chosen calendar asked, its news fetched and expanded, nothing written yet."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.calendars import queries
from app.calendars.errors import CalendarTrouble, CredentialsRefused, Moved, NotReached
from app.calendars.queries import AccountRow, CalendarRow
from app.calendars.server.client import CalDavClient, client_for
from app.calendars.server.client_file import fetch_file
from app.calendars.service_stores import open_password
from app.calendars.syncing.jobs_intake import Intake
from app.calendars.syncing.looking import check_file, file_mark, file_validators
from app.calendars.syncing.picture import has_moved
from app.calendars.syncing.reading import (
    Batch,
    Reading,
    digest_of,
    fetch_objects,
    read_calendar,
    read_property,
)
from app.calendars.syncing.service_replica import CalendarChange
from app.calendars.values import COLLECTION, FILE_HREF, KEPT, PROPERTY, Fetched
from app.config import Settings

# A first comparison of a large account as a whole (one exchange has its own, shorter bound). What was
# fetched until then is kept, and the next look goes on from there.
_WHOLE_LOOK = 300.0


class Look:
    """What one look found: ``changes`` to be written together, the first ``trouble``, the owner's addresses.

    ``has_stored``: parts of a large comparison are in the database already, without the picture.
    """

    def __init__(self, session: Session, settings: Settings, account: AccountRow, now: datetime) -> None:
        self.session, self.settings, self.account, self.now = session, settings, account, now
        self.trouble: CalendarTrouble | None = None
        self.addresses: tuple[str, ...] | None = None
        self.has_stored = False
        self._changes: dict[int, CalendarChange] = {}

    @property
    def changes(self) -> list[CalendarChange]:
        """What may be written.

        After trouble nothing is removed: the event may stand in the calendar that could not be read.
        """
        if self.trouble is None:
            return list(self._changes.values())
        return [change for change in self._changes.values() if not change.removed]

    def run(self) -> None:
        """Ask the server; trouble of one calendar does not keep the others from being read."""
        try:
            if self.account.kind == "subscription":
                self._each(lambda row: self._file(row), self.account.calendars)
            else:
                with self._client() as client:
                    self._ask_addresses(client)
                    self._each(lambda row: self._calendar(client, row), self.account.calendars)
                    self._follow_moves(client)
        except CalendarTrouble as error:
            self.trouble = self.trouble or error

    @contextmanager
    def _client(self) -> Iterator[CalDavClient]:
        password = open_password(self.settings, self.account)
        url, username = self.account.url, self.account.username
        client = client_for(self.settings, url, username, password, seconds=_WHOLE_LOOK)
        try:
            yield client
        finally:
            client.close()

    def _each(self, read: Callable[[CalendarRow], CalendarChange], rows: Iterable[CalendarRow]) -> None:
        for row in rows:
            try:
                self._changes[row.id] = read(row)
            except (NotReached, CredentialsRefused):
                raise
            except CalendarTrouble as error:
                self.trouble = self.trouble or error

    def _follow_moves(self, client: CalDavClient) -> None:
        """Look again at the calendars that were read before one that lost something.

        What it lost may have arrived there after we had looked: then it would be in neither.
        """
        rows = [row for row in self.account.calendars if row.source == COLLECTION]
        losing = [
            index
            for index, row in enumerate(rows)
            if row.id in self._changes and self._changes[row.id].removed
        ]
        if losing and max(losing) > 0:
            self._each(lambda row: self._calendar(client, row), rows[: max(losing)])

    def _calendar(self, client: CalDavClient, row: CalendarRow) -> CalendarChange:
        if row.source == KEPT:
            return self._taken_in(row, Reading(row.mark), ())
        if row.source == PROPERTY:
            reading, batch = read_property(client, row.href, row.mark, self.now)
            return self._taken_in(row, reading, [batch])
        reading = read_calendar(
            client, row.href, row.mark, queries.KnownEtags(self.session, row.id), self.now
        )
        return self._taken_in(row, reading, fetch_objects(client, row.href, reading))

    def _file(self, row: CalendarRow) -> CalendarChange:
        """The one file of a subscription, asked for with what identified the last version (RFC 9110, 13)."""
        address = open_password(self.settings, self.account)
        etag, modified, digest = file_validators(row.mark)
        answer = fetch_file(self.settings, address, etag=etag, modified=modified)
        if answer.text is None:
            return self._taken_in(row, Reading(row.mark), ())
        fresh = digest_of(answer.text)
        mark = file_mark(answer.etag, answer.modified, fresh, self.now)
        if fresh == digest:
            # Many servers make the file anew for every request, with no validator or a new one each time.
            return self._taken_in(row, Reading(replace(mark, compared_at=row.mark.compared_at)), ())
        ids = [number for number, _, _ in queries.text_sizes(self.session, row.id)]
        before = next((text for _, _, text in queries.texts(self.session, ids)), "")
        self.session.rollback()
        doubted = self.account.state == "missing" and self.account.state_detail == "emptied"
        check_file(before, answer.text, self.account.state_since if doubted else None, self.now)
        batch = Batch((Fetched(FILE_HREF, fresh, answer.text),), (), ())
        return self._taken_in(row, Reading(mark, (FILE_HREF,)), [batch])

    def _taken_in(self, row: CalendarRow, reading: Reading, batches: Iterable[Batch]) -> CalendarChange:
        if reading.known is None and (reading.fetch or reading.removed):
            reading = replace(reading, known=queries.KnownEtags(self.session, row.id).all())
        intake = Intake(self.session, self.account, row, reading, self.now)
        try:
            for batch in batches:
                intake.take(batch)
                # Else its megabytes would stay while the next ones come.
                del batch
            return intake.finish()
        finally:
            self.has_stored = self.has_stored or intake.has_stored

    def _ask_addresses(self, client: CalDavClient) -> None:
        """The owner's addresses, which tell what they declined; asked once a day, when all is read anew.

        The calendars themselves may answer where discovery does not: without an answer the known ones stay.
        """
        is_first = not self.account.addresses
        due = [row for row in self.account.calendars if has_moved(row.expanded, self.now)]
        if not any(row.source == COLLECTION and (row.expanded or is_first) for row in due):
            return
        try:
            found = client.discover().addresses
        except (CredentialsRefused, Moved):
            raise
        except CalendarTrouble:
            return
        self.addresses = tuple(sorted({address.lower() for address in found}))
        self.account = replace(self.account, addresses=self.addresses)
