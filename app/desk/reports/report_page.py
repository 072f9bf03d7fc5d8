"""A month's report in the reader's words, and the list of months."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from app.booking.in_words import Reader
from app.desk.reports.chart import chart
from app.desk.reports.figures import Figures, Measured, Outcome, figures
from app.desk.reports.values import Month, ReportedCompany, ReportLine, month_of
from app.desk.requests.clock_page import length, moment
from app.desk.requests.severity_page import severity_name
from app.desk.requests.values import ClockName
from app.lib import wording


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One severity's clock: counts, and times in words."""

    severity: str
    clock: str
    kept: int
    missed: int
    running: int
    median: str
    most: str


@dataclass(frozen=True, slots=True)
class BarLine:
    """One bar of the chart: a text, its numbers, and where its parts begin and how wide they are."""

    text: str
    numbers: str
    text_y: int
    bar_y: int
    kept: float
    missed: float


@dataclass(frozen=True, slots=True)
class BreachRow:
    """A clock that was not kept: when it was met after all, and why; ``reason`` is '' until it is given."""

    reference: str
    subject: str
    url: str
    severity: str
    clock: str
    due: str
    done: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReportPage:
    """A month of a company; ``earlier`` and ``later`` are the addresses of its neighbours, or empty."""

    company: str
    month: str
    summary: str
    note: str
    made: str
    rows: tuple[FigureRow, ...]
    bars: tuple[BarLine, ...]
    height: int
    breaches: tuple[BreachRow, ...]
    earlier: str
    later: str
    months_url: str
    csv_url: str


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a report's neighbours are, its file, the list of months, and a request by its id."""

    of_month: Callable[[Month], str]
    of_request: Callable[[str], str]
    months: str
    csv: str


def report_page(
    company: ReportedCompany,
    month: Month,
    lines: Sequence[ReportLine],
    now: datetime,
    reader: Reader,
    urls: Addresses,
) -> ReportPage:
    """The report of a month; that of the present one says that it is not over."""
    rows = figures(Measured(line.severity, line.clock, line.outcome, line.time) for line in lines)
    current = month_of(wording.local_date(now, reader.service_zone))
    drawn = chart(rows)
    missed = [line for line in lines if line.outcome is Outcome.MISSED]
    return ReportPage(
        company=company.name,
        month=wording.month_long(month.first, reader.language),
        summary=_summary(rows),
        note=_note(rows, is_so_far=month >= current),
        made=wording.until(now, reader.zone, reader.language),
        rows=tuple(_row(row) for row in rows),
        bars=tuple(
            BarLine(
                text=f"{severity_name(rows[bar.index].severity)}, {clock_name(rows[bar.index].clock)}",
                numbers=f"{rows[bar.index].kept} / {rows[bar.index].kept + rows[bar.index].missed}",
                text_y=bar.text_y,
                bar_y=bar.bar_y,
                kept=bar.kept,
                missed=bar.missed,
            )
            for bar in drawn.bars
        ),
        height=drawn.height,
        breaches=tuple(_breach(line, now, reader, urls) for line in missed),
        earlier=urls.of_month(month.following(-1)),
        later=urls.of_month(month.following()) if month < current else "",
        months_url=urls.months,
        csv_url=urls.csv,
    )


def clock_name(clock: ClockName) -> str:
    """ "first answer" or "next step"."""
    return _("first answer") if clock is ClockName.FIRST_RESPONSE else _("next step")


def _summary(rows: Sequence[Figures]) -> str:
    kept, missed = sum(row.kept for row in rows), sum(row.missed for row in rows)
    if not kept + missed:
        return ""
    return ngettext(
        "%(kept)s of %(num)s due time was kept (%(share)s %%).",
        "%(kept)s of %(num)s due times were kept (%(share)s %%).",
        kept + missed,
        kept=kept,
        # Rounded down: what was not all kept is never 100 %.
        share=100 * kept // (kept + missed),
    )


def _note(rows: Sequence[Figures], *, is_so_far: bool) -> str:
    count = sum(row.not_needed for row in rows)
    texts = [_("So far: the month is not over.")] if is_so_far else []
    if count:
        texts.append(
            ngettext(
                "%(num)s due time is not counted, as the request was solved before it.",
                "%(num)s due times are not counted, as the requests were solved before them.",
                count,
            )
        )
    return " ".join(texts)


def _row(row: Figures) -> FigureRow:
    return FigureRow(
        severity=severity_name(row.severity),
        clock=clock_name(row.clock),
        kept=row.kept,
        missed=row.missed,
        running=row.running,
        median=_length(row.median),
        most=_length(row.most),
    )


def _length(time: timedelta | None) -> str:
    return "–" if time is None else length(time)


def _breach(line: ReportLine, now: datetime, reader: Reader, urls: Addresses) -> BreachRow:
    return BreachRow(
        reference=line.reference,
        subject=line.subject,
        url=urls.of_request(line.request_id),
        severity=severity_name(line.severity),
        clock=clock_name(line.clock),
        due=moment(line.due_at, reader, now),
        done=_done(line, now, reader),
        reason=line.reason or ("–" if line.is_explained else ""),
    )


def _done(line: ReportLine, now: datetime, reader: Reader) -> str:
    if line.met_at is not None:
        return moment(line.met_at, reader, now)
    return _("Ended when it was solved") if line.is_solved else _("not yet")
