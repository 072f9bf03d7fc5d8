"""Takes in what a look fetched: expanded some at a time, kept in memory up to a bound."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.calendars import queries
from app.calendars.errors import BadAnswer, NotReached
from app.calendars.queries import AccountRow, CalendarRow
from app.calendars.syncing.picture import Placed, has_availability, has_moved, place_all, uid_of, window_of
from app.calendars.syncing.reading import Batch, Reading
from app.calendars.syncing.service_replica import CalendarChange, ObjectChange, is_current, store_changed
from app.calendars.values import FILE, Fetched
from app.lib.db import write

# Characters of text: expanded together in one go, and held in memory before a part is stored.
_AT_ONCE = 2 << 20
_MOST_HELD = 4 << 20
# Characters that one calendar may take in the database: 100,000 events of the usual size.
MOST_KEPT = 128 << 20
NOT_GIVEN = "the server does not give this entry"


class Intake:
    """One calendar's objects on their way into the replica."""

    def __init__(
        self,
        session: Session,
        account: AccountRow,
        row: CalendarRow,
        reading: Reading,
        now: datetime,
        most_kept: int = MOST_KEPT,
    ) -> None:
        self.session, self.account, self.row, self.reading = session, account, row, reading
        self._most_kept = most_kept
        self.has_stored = False
        self._has_moved = has_moved(row.expanded, now)
        self._window = window_of(now) if self._has_moved or row.expanded is None else row.expanded
        self._reader = account.reader(row.purpose)
        self._removed = list(reading.removed)
        self._waiting: list[Fetched] = []
        self._ready: list[ObjectChange] = []
        self._seen: set[str] = set()

    @property
    def _known(self) -> Mapping[str, str]:
        return self.reading.known or {}

    def take(self, batch: Batch) -> None:
        """Keep a batch, and expand or store what has come together."""
        self._removed += batch.removed
        self._waiting += batch.fetched
        self._seen |= {item.href for item in batch.fetched} | set(batch.refused)
        for href in batch.refused:
            placed = Placed(None, f"{href.rsplit('/', 1)[-1]}: {NOT_GIVEN}")
            self._ready.append(ObjectChange(href, self._known.get(href), "", None, "", placed))
        # Hours are expanded together at the end, unless they are far too many.
        bound = _MOST_HELD if self.row.purpose == "working_hours" else _AT_ONCE
        if _size(self._waiting) >= min(bound, self._most_kept):
            self._expand()
        if sum(len(item.text or "") for item in self._ready) >= min(_MOST_HELD, self._most_kept):
            self._store()

    def finish(self) -> CalendarChange:
        """Everything that is to be written with the calendar's new mark."""
        if self.row.purpose == "working_hours" and (self._has_moved or self._waiting or self._removed):
            # Availabilities of one calendar have priorities over each other (RFC 7953, 4): all or none.
            others = [item for some in self._others() for item in some]
            self._expand_again([i for i in others if self._has_moved or has_availability(i.text)])
        else:
            self._expand()
            for some in self._others() if self._has_moved else ():
                self._expand_again(some)
        removed = tuple(
            (href, self._known[href]) for href in dict.fromkeys(self._removed) if href in self._known
        )
        return CalendarChange(self.row, self.reading.mark, self._window, tuple(self._ready), removed)

    def _others(self) -> Iterator[list[Fetched]]:
        """What stands in the replica and did not change, as much at once as is expanded together."""
        gone = self._seen | set(self._removed)
        sizes = queries.text_sizes(self.session, self.row.id)
        ids: list[int] = []
        total = 0
        for number, href, size in sizes:
            if href in gone:
                continue
            if ids and total + size > _AT_ONCE:
                yield self._stored(ids)
                ids, total = [], 0
            ids.append(number)
            total += size
        if ids:
            yield self._stored(ids)

    def _stored(self, ids: Sequence[int]) -> list[Fetched]:
        stored = queries.texts(self.session, ids)
        self.session.rollback()
        return [Fetched(*entry) for entry in stored]

    def _expand_again(self, others: Sequence[Fetched]) -> None:
        """Expand what waits together with ``others``, of which only the spans are new."""
        texts = [item.text for item in (*self._waiting, *others)]
        placed = self._placed(texts)
        count = len(self._waiting)
        self._take_placed(placed[:count])
        for item, found in zip(others, placed[count:], strict=True):
            self._ready.append(ObjectChange(item.href, item.etag, item.etag, None, "", found))

    def _expand(self) -> None:
        self._take_placed(self._placed([item.text for item in self._waiting]))

    def _placed(self, texts: Sequence[str]) -> list[Placed]:
        return place_all(texts, self._window, self._reader) if texts else []

    def _take_placed(self, placed: Sequence[Placed]) -> None:
        for item, found in zip(self._waiting, placed, strict=True):
            uid = uid_of(item.text)
            if self.row.source == FILE:
                # Our own events are known from where we wrote them; a published copy of them is older.
                uid, found = "", _without_own(found)
            before = self._known.get(item.href)
            self._ready.append(ObjectChange(item.href, before, item.etag, item.text, uid, found))
        self._waiting = []

    def _store(self) -> None:
        """Write what is ready, so that neither memory nor an end before the end loses it.

        The mark stays: the look counts only as a whole. Raises NotReached when another look was quicker,
        and BadAnswer when the calendar would fill the disk for everybody.
        """
        ready, self._ready = self._ready, []
        kept = queries.text_size(self.session, self.row.id)
        self.session.rollback()
        if kept + sum(len(item.text or "") for item in ready) > self._most_kept:
            raise BadAnswer("too_large")

        def work(session: Session) -> bool:
            if not is_current(session, self.account.id, [self.row]):
                return False
            store_changed(session, self.account.person_id, self.row.id, ready)
            return True

        if not write(self.session, [self.account.person_id], work):
            raise NotReached("overtaken")
        self.has_stored = True


def _size(items: Sequence[Fetched]) -> int:
    return sum(len(item.text) for item in items)


def _without_own(placed: Placed) -> Placed:
    if placed.spans is None:
        return placed
    return Placed(tuple(span for span in placed.spans if not span.is_own), placed.problem)
