"""Reports as values."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app.desk.reports.figures import Outcome
from app.desk.requests.values import ClockName
from app.lib.intervals import Interval
from app.lib.zones import to_utc


@dataclass(frozen=True, slots=True)
class ReportedCompany:
    """Whom a report is about."""

    id: int
    public_id: str
    name: str


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One clock of a request in a report; ``time`` is how much of its own time it took to be met.

    ``severity`` is the one that it was due by. ``is_solved``: its request is, so that what was not met never
    will be. ``is_explained``: a reason was given, though it may be gone with the contact's data.
    """

    request_id: str
    reference: str
    subject: str
    severity: int
    clock: ClockName
    opened_at: datetime
    due_at: datetime
    met_at: datetime | None
    outcome: Outcome
    time: timedelta | None
    reason: str
    is_explained: bool
    is_solved: bool


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month of the calendar."""

    year: int
    number: int

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    @property
    def text(self) -> str:
        """ "2026-11"."""
        return f"{self.year:04d}-{self.number:02d}"

    def following(self, count: int = 1) -> "Month":
        """So many months later, or earlier."""
        months = self.year * 12 + self.number - 1 + count
        return Month(months // 12, months % 12 + 1)

    def span(self, zone: str) -> Interval:
        """From its first midnight to the next month's on the clock of a zone, in UTC."""
        return Interval(to_utc(self.first, time(0), zone), to_utc(self.following().first, time(0), zone))


def month_of(day: date) -> Month:
    """The month of a day."""
    return Month(day.year, day.month)


def read_month(text: str) -> Month | None:
    """The month that "2026-11" says; None for what is none, or out of reach."""
    year, dash, number = text.partition("-")
    is_one = dash and len(year) == 4 and len(number) == 2 and (year + number).isascii()
    if not is_one or not (year + number).isdigit():
        return None
    is_near = 2000 <= int(year) <= 2199 and 1 <= int(number) <= 12
    return Month(int(year), int(number)) if is_near else None


def months_between(first: Month, last: Month) -> tuple[Month, ...]:
    """The months from the first to the last, both included, the newest first."""
    found = []
    while last >= first:
        found.append(last)
        last = last.following(-1)
    return tuple(found)
