"""A CalDAV server in memory, kept honest by tests/contract/; faults are put in ``failures``."""

from collections.abc import Sequence
from itertools import count

from app.calendars.errors import BadAnswer, CalendarTrouble, Changed, Gone, TokenRefused
from app.calendars.picture import uid_of
from app.calendars.values import Fetched, Listing, SyncPage


class FakeCalendarServer:
    """One user's calendars: objects by href, and a numbered history of changes for the sync-token."""

    def __init__(self) -> None:
        self.calendars: dict[str, dict[str, Fetched]] = {}
        self.history: dict[str, list[str]] = {}
        self.calls: list[str] = []
        # For each method the errors to raise, one a call; "after" ones are raised once the work is done.
        self.failures: dict[str, list[CalendarTrouble]] = {}
        self.late_failures: dict[str, list[CalendarTrouble]] = {}
        self._numbers = count(1)

    def _begin(self, method: str) -> None:
        self.calls.append(method)
        if self.failures.get(method):
            raise self.failures[method].pop(0)

    def _end(self, method: str) -> None:
        if self.late_failures.get(method):
            raise self.late_failures[method].pop(0)

    def _objects(self, href: str) -> dict[str, Fetched]:
        if href not in self.calendars:
            raise Gone("gone")
        return self.calendars[href]

    def _collection(self, href: str) -> str:
        return href.rsplit("/", 1)[0] + "/"

    def make_calendar(self, href: str, name: str) -> None:
        if href in self.calendars:
            raise Changed(None, "exists")
        self.calendars[href], self.history[href] = {}, []

    def sync(self, href: str, token: str) -> SyncPage:
        self._begin("sync")
        objects, history = self._objects(href), self.history[href]
        stem, _, number = token.rpartition("/")
        if token and (stem != f"fake:{href}" or not number.isdigit() or int(number) > len(history)):
            raise TokenRefused("token")
        touched = dict.fromkeys(history[int(number) :] if token else objects)
        changed = tuple((item, objects[item].etag) for item in touched if item in objects)
        removed = tuple(item for item in touched if item not in objects)
        return SyncPage(changed, removed, self._token(href))

    def _token(self, href: str) -> str:
        return f"fake:{href}/{len(self.history[href])}"

    def ctag(self, href: str) -> str | None:
        self._begin("ctag")
        self._objects(href)
        return str(len(self.history[href]))

    def etags(self, href: str) -> Listing:
        self._begin("etags")
        etags = {item.href: item.etag for item in self._objects(href).values()}
        return Listing(etags, True, self._token(href), str(len(self.history[href])))

    def multiget(self, href: str, hrefs: Sequence[str]) -> list[Fetched]:
        self._begin("multiget")
        objects = self._objects(href)
        return [objects[item] for item in hrefs if item in objects]

    def get(self, href: str) -> Fetched | None:
        self._begin("get")
        return self.calendars.get(self._collection(href), {}).get(href)

    def put(self, href: str, text: str, *, etag: str | None) -> str:
        self._begin("put")
        collection = self._collection(href)
        if collection not in self.calendars:
            raise Changed(None, "conflict")
        if "END:VCALENDAR" not in text:
            raise BadAnswer("status_400")
        objects = self.calendars[collection]
        present = objects.get(href)
        if (present is None) != (etag is None) or (present is not None and present.etag != etag):
            raise Changed(None, "changed")
        if any(item.href != href and uid_of(item.text) == uid_of(text) for item in objects.values()):
            raise Changed(None, "uid")
        return self.store(href, text)

    def store(self, href: str, text: str) -> str:
        """Put unconditionally, as another client of the same person would."""
        collection = self._collection(href)
        stored = Fetched(href, f'"{next(self._numbers)}"', text)
        self.calendars[collection][href] = stored
        self.history[collection].append(href)
        self._end("put")
        return stored.etag

    def delete(self, href: str, etag: str | None) -> None:
        self._begin("delete")
        objects = self.calendars.get(self._collection(href), {})
        if href not in objects:
            raise Gone("gone")
        if etag is not None and objects[href].etag != etag:
            raise Changed(None, "changed")
        del objects[href]
        self.history[self._collection(href)].append(href)
        self._end("delete")
