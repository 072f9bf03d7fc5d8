"""A CalDAV server in memory, kept honest by tests/contract/; faults are put in ``failures``."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from app.calendars.errors import BadAnswer, CalendarTrouble, Changed, Gone, NoRight, TokenRefused
from app.calendars.syncing.picture import uid_of
from app.calendars.values import Fetched, Listing, SyncPage


@dataclass(frozen=True, slots=True, kw_only=True)
class Quirks:
    """What a server may do otherwise; each was seen somewhere (docs/reference/caldav-servers.md)."""

    has_sync: bool = True
    has_ctag: bool = True
    has_availability: bool = True
    # A bad token is answered with everything, and without what is gone (DAViCal, SOGo).
    takes_any_token: bool = False
    # Preconditions are not looked at (SOGo).
    overwrites: bool = False
    # A PUT tells no ETag, the stored text is another one (servers that schedule).
    rewrites: bool = False
    # A PUT is stored under a name of the server's own choosing (Zimbra).
    renames: bool = False
    # A multiget gives no more than so many and says nothing of the rest.
    multiget_gives: int | None = None
    # One missing object fails the whole multiget (SabreDAV 1.8).
    multiget_fails: bool = False
    same_uid_twice: bool = False


# Servers nobody here could install, each by the one thing that it does otherwise.
IMITATIONS = {
    "plain": Quirks(),
    "without sync": Quirks(has_sync=False, has_availability=False),
    "without sync and ctag": Quirks(has_sync=False, has_ctag=False),
    "takes any token": Quirks(takes_any_token=True),
    "overwrites": Quirks(overwrites=True),
    "rewrites": Quirks(rewrites=True),
    "multiget gives two": Quirks(multiget_gives=2),
    "multiget fails": Quirks(multiget_fails=True, has_sync=False),
    "same UID twice": Quirks(same_uid_twice=True),
}


class FakeCalendarServer:
    """One user's calendars: objects by href, and a numbered history of changes for the sync-token."""

    def __init__(self, quirks: Quirks | None = None) -> None:
        self.quirks = quirks or Quirks()
        self.calendars: dict[str, dict[str, Fetched]] = {}
        self.names: dict[str, str] = {}
        self.history: dict[str, list[str]] = {}
        self.calls: list[str] = []
        # For each method the errors to raise, one a call; "after" ones are raised once the work is done.
        self.failures: dict[str, list[CalendarTrouble]] = {}
        self.late_failures: dict[str, list[CalendarTrouble]] = {}
        self.availabilities: dict[str, str] = {}
        # Over HTTP nothing is answered then; its owner's own programs go on.
        self.is_away = False
        self._numbers = count(1)
        # A calendar that is made anew does not go on with the history of the old one.
        self._births: dict[str, int] = {}

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
        self.calendars[href], self.history[href], self.names[href] = {}, [], name
        self._births[href] = next(self._numbers)

    def sync(self, href: str, token: str) -> SyncPage:
        self._begin("sync")
        objects, history = self._objects(href), self.history[href]
        if not self.quirks.has_sync:
            raise TokenRefused("token")
        start = self._start_of(href, token)
        touched = dict.fromkeys(objects if start is None else history[start:])
        changed = tuple((item, objects[item].etag) for item in touched if item in objects)
        removed = tuple(item for item in touched if item not in objects)
        return SyncPage(changed, removed, self._token(href))

    def _start_of(self, href: str, token: str) -> int | None:
        """Where in the history a token stands; None for everything. Raises TokenRefused."""
        stem, _, number = token.rpartition("/")
        is_known = f"{stem}/" == self._token(href, "") and number.isdigit()
        if is_known and int(number) <= len(self.history[href]):
            return int(number)
        if token and not self.quirks.takes_any_token:
            raise TokenRefused("token")
        return None

    def _token(self, href: str, number: int | str | None = None) -> str:
        number = len(self.history[href]) if number is None else number
        return f"fake:{href}{self._births[href]}/{number}"

    def ctag(self, href: str) -> str | None:
        self._begin("ctag")
        self._objects(href)
        return self._ctag(href)

    def _ctag(self, href: str) -> str | None:
        return f"{self._births[href]}-{len(self.history[href])}" if self.quirks.has_ctag else None

    def etags(self, href: str) -> Listing:
        self._begin("etags")
        etags = {item.href: item.etag for item in self._objects(href).values()}
        token = self._token(href) if self.quirks.has_sync else None
        return Listing(etags, True, token, self._ctag(href))

    def multiget(self, href: str, hrefs: Sequence[str]) -> list[Fetched]:
        self._begin("multiget")
        objects = self._objects(href)
        return [objects[item] for item in hrefs if item in objects][: self.quirks.multiget_gives]

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
        objects, present = self.calendars[collection], self._present(href, text)
        if present is None or present.etag != etag:
            is_refused = (present is None) != (etag is None) or present is not None
            if is_refused and not self.quirks.overwrites:
                raise Changed(None, "changed")
        own = href if present is None else present.href
        is_taken = any(item.href != own and uid_of(item.text) == uid_of(text) for item in objects.values())
        if is_taken and not self.quirks.same_uid_twice:
            raise Changed(None, "uid")
        return self.store(href, text)

    def _present(self, href: str, text: str) -> Fetched | None:
        """What a PUT there would replace."""
        return self.calendars[self._collection(href)].get(self._stored_at(href, text))

    def _stored_at(self, href: str, text: str) -> str:
        if not self.quirks.renames:
            return href
        name = hashlib.sha256(uid_of(text).encode()).hexdigest()[:16]
        return f"{self._collection(href)}{name}.ics"

    def store(self, href: str, text: str) -> str:
        """Put unconditionally, as another client of the same person would."""
        collection, href = self._collection(href), self._stored_at(href, text)
        if self.quirks.rewrites:
            text = text.replace("BEGIN:VEVENT\r\n", "X-WR-CALNAME:Work\r\nBEGIN:VEVENT\r\nCLASS:PUBLIC\r\n")
        stored = Fetched(href, f'"{next(self._numbers)}"', text)
        self.calendars[collection][href] = stored
        self.history[collection].append(href)
        self._end("put")
        return "" if self.quirks.rewrites else stored.etag

    def delete(self, href: str, etag: str | None) -> None:
        self._begin("delete")
        if href in self.calendars:
            del self.calendars[href], self.history[href], self.names[href]
            return
        objects = self.calendars.get(self._collection(href), {})
        if href not in objects:
            raise Gone("gone")
        if etag is not None and objects[href].etag != etag and not self.quirks.overwrites:
            raise Changed(None, "changed")
        del objects[href]
        self.history[self._collection(href)].append(href)
        self._end("delete")

    def availability(self, href: str) -> str | None:
        self._begin("availability")
        return self.availabilities.get(href)

    def set_availability(self, href: str, text: str) -> None:
        self._begin("set_availability")
        if not self.quirks.has_availability:
            raise NoRight("no_right")
        self.availabilities[href] = text
        self._end("set_availability")
