"""A report as rows of a file."""

from collections.abc import Iterable, Iterator

from app.desk.reports.values import ReportLine
from app.lib.wording import rfc3339

COLUMNS = (
    "reference",
    "subject",
    "severity",
    "clock",
    "opened_at",
    "due_at",
    "met_at",
    "outcome",
    "minutes",
    "reason",
)


def csv_rows(lines: Iterable[ReportLine]) -> Iterator[tuple[str, ...]]:
    """A row for each clock; moments in UTC, ``minutes`` of the clock's own time until it was met."""
    for line in lines:
        yield (
            line.reference,
            line.subject,
            str(line.severity),
            line.clock.value,
            rfc3339(line.opened_at),
            rfc3339(line.due_at),
            "" if line.met_at is None else rfc3339(line.met_at),
            line.outcome.value,
            "" if line.time is None else str(int(line.time.total_seconds() // 60)),
            line.reason,
        )
