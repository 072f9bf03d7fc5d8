"""What a person's phone and computer do to their calendars in half a day, at random but repeatable."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from tests.support.caldav_servers import CalDavServer

_ZONE = """BEGIN:VTIMEZONE
TZID:Europe/Bratislava
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19810329T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE"""


@dataclass(frozen=True)
class Entry:
    """One object; ``starts`` is wall-clock time in Bratislava, a day of it when ``is_all_day``."""

    uid: str
    path: str
    starts: datetime
    minutes: int
    summary: str
    is_all_day: bool = False
    rule: str = ""
    left_out: tuple[datetime, ...] = ()
    overrides: tuple[tuple[datetime, datetime], ...] = ()
    sequence: int = 0

    def text(self) -> str:
        """The whole VCALENDAR."""
        main = [*self._event(self.starts), *([f"RRULE:{self.rule}"] if self.rule else [])]
        main += [self._time("EXDATE", moment) for moment in self.left_out]
        lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//phone//EN", *_ZONE.split("\n")]
        lines += ["BEGIN:VEVENT", *main, "END:VEVENT"]
        for instead_of, starts in self.overrides:
            one = [self._time("RECURRENCE-ID", instead_of), *self._event(starts)]
            lines += ["BEGIN:VEVENT", *one, "END:VEVENT"]
        return "\r\n".join([*lines, "END:VCALENDAR", ""])

    def _event(self, starts: datetime) -> list[str]:
        length = timedelta(days=1) if self.is_all_day else timedelta(minutes=self.minutes)
        return [
            f"UID:{self.uid}",
            "DTSTAMP:20261101T000000Z",
            f"SEQUENCE:{self.sequence}",
            f"SUMMARY:{self.summary}",
            self._time("DTSTART", starts),
            self._time("DTEND", starts + length),
        ]

    def _time(self, name: str, moment: datetime) -> str:
        if self.is_all_day:
            return f"{name};VALUE=DATE:{moment:%Y%m%d}"
        return f"{name};TZID=Europe/Bratislava:{moment:%Y%m%dT%H%M%S}"


@dataclass
class RandomEdits:
    """Edits the calendars through requests of its own; ``entries`` is what must stand on the server."""

    server: CalDavServer
    calendars: Sequence[str]
    seed: int
    around: date
    entries: dict[str, Entry] = field(default_factory=dict)
    done: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)
        self._number = 0

    def edit(self) -> None:
        """One edit; its kind is counted in ``done``."""
        kinds: list[tuple[Callable[[], None], int]] = [
            (self.create, 30 if len(self.entries) < 60 else 8),
            (self.move_in_time, 14),
            (self.change_text, 12),
            (self.make_recurring, 8),
            (self.leave_out, 8),
            (self.override, 8),
            (self.change_calendar, 10),
            (self.delete, 8 if len(self.entries) < 40 else 16),
        ]
        work = self._random.choices([kind for kind, _ in kinds], [weight for _, weight in kinds])[0]
        if not self.entries:
            work = self.create
        work()
        self.done[work.__name__] = self.done.get(work.__name__, 0) + 1

    def create(self) -> None:
        """A new event: timed or all-day, single or recurring."""
        self._number += 1
        uid = f"phone-{self.seed}-{self._number}"
        path = f"{self._random.choice(self.calendars)}{uid}.ics"
        entry = Entry(uid, path, self._when(), self._random.choice([15, 30, 50, 90, 600]), f"Entry {uid}")
        entry = replace(entry, is_all_day=self._random.random() < 0.2)
        if self._random.random() < 0.2:
            entry = replace(entry, rule=self._rule())
        self._put(entry)

    def move_in_time(self) -> None:
        """Another time; what was said about single occurrences is lost, as in most clients."""
        self._put(replace(self._any(), starts=self._when(), left_out=(), overrides=()))

    def change_text(self) -> None:
        """Another summary."""
        entry = self._any()
        self._put(replace(entry, summary=f"Changed {entry.uid} {self._random.randrange(10**6)}"))

    def make_recurring(self) -> None:
        """A rule, or another one."""
        self._put(replace(self._any(), rule=self._rule(), left_out=(), overrides=()))

    def leave_out(self) -> None:
        """One occurrence of a series deleted."""
        entry = self._series()
        gone = entry.starts + self._random.randrange(1, 3) * self._step(entry)
        if gone not in {moment for moment, _ in entry.overrides}:
            self._put(replace(entry, left_out=tuple(dict.fromkeys((*entry.left_out, gone)))))

    def override(self) -> None:
        """One occurrence of a series moved."""
        entry = self._series()
        moment = entry.starts + self._random.randrange(1, 3) * self._step(entry)
        if moment in entry.left_out:
            return
        others = tuple(pair for pair in entry.overrides if pair[0] != moment)
        moved = moment + (timedelta(days=30) if entry.is_all_day else timedelta(minutes=75))
        self._put(replace(entry, overrides=(*others, (moment, moved))))

    def change_calendar(self) -> None:
        """Into another calendar as clients do it: PUT there, then DELETE here."""
        entry = self._any()
        here = entry.path.rsplit("/", 1)[0] + "/"
        there = self._random.choice([href for href in self.calendars if href != here])
        moved = replace(entry, path=there + entry.path.rsplit("/", 1)[1])
        answer = self._send("PUT", moved.path, moved.text())
        if answer >= 400:
            # Cyrus wants a UID only once among all calendars.
            assert self._send("DELETE", entry.path) < 400
            assert self._send("PUT", moved.path, moved.text()) < 400
        else:
            assert self._send("DELETE", entry.path) < 400
        del self.entries[entry.path]
        self.entries[moved.path] = moved

    def delete(self) -> None:
        """Gone."""
        entry = self._any()
        assert self._send("DELETE", entry.path) < 400
        del self.entries[entry.path]

    def _put(self, entry: Entry) -> None:
        entry = replace(entry, sequence=entry.sequence + 1)
        status = self._send("PUT", entry.path, entry.text())
        assert status < 400, (status, entry)
        self.entries[entry.path] = entry

    def _send(self, method: str, path: str, text: str = "") -> int:
        headers = {"Content-Type": "text/calendar; charset=utf-8"} if text else {}
        for _ in range(3):
            status = self.server.request(method, path, text, headers).status_code
            # A busy server is asked again, as every client does.
            if status < 500:
                break
        return status

    def _any(self) -> Entry:
        return self.entries[self._random.choice(sorted(self.entries))]

    def _series(self) -> Entry:
        series = [entry for _, entry in sorted(self.entries.items()) if entry.rule]
        if series:
            return self._random.choice(series)
        return replace(self._any(), rule=self._rule(), left_out=(), overrides=())

    def _when(self) -> datetime:
        day = datetime.combine(self.around, datetime.min.time())
        return day + timedelta(days=self._random.randrange(-3, 60), minutes=15 * self._random.randrange(96))

    def _rule(self) -> str:
        return f"FREQ={self._random.choice(['DAILY', 'WEEKLY'])};COUNT={self._random.randrange(4, 12)}"

    def _step(self, entry: Entry) -> timedelta:
        return timedelta(days=7 if "WEEKLY" in entry.rule else 1)
