"""Contexts for the monthly reports and the notes on clocks: Nordwind's November, as either side sees it."""

from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace

from app.desk.reports.months_page import CompaniesPage, CompanyLink, MonthLink, MonthsPage
from app.desk.reports.report_page import BarLine, BreachRow, FigureRow, ReportPage
from tests.pages.shared_samples import Sample

STAFF = SimpleNamespace(role="specialist")
LONG = "Two outages at the same time, and the stand-in was on a call with another customer. " * 4

ROWS = (
    FigureRow("1 Critical", "first answer", 3, 1, 0, "22 min", "1 h 12 min"),
    FigureRow("1 Critical", "next step", 4, 0, 0, "2 h 40 min", "3 h 55 min"),
    FigureRow("3 Standard", "first answer", 11, 0, 1, "48 min", "1 h 51 min"),
    FigureRow("3 Standard", "next step", 9, 2, 1, "7 h 10 min", "17 h 5 min"),
    FigureRow("5 Question", "first answer", 0, 0, 2, "–", "–"),
)
BARS = (
    BarLine("1 Critical, first answer", "3 / 4", 15, 24, 27.27, 9.09),
    BarLine("1 Critical, next step", "4 / 4", 69, 78, 36.36, 0),
    BarLine("3 Standard, first answer", "11 / 11", 123, 132, 100, 0),
    BarLine("3 Standard, next step", "9 / 11", 177, 186, 81.82, 18.18),
)
BREACHES = (
    BreachRow(
        "R-1042",
        "Nobody can sign in",
        "/requests/c1042",
        "1 Critical",
        "first answer",
        "Tue 3 Nov, 10:40",
        "Tue 3 Nov, 10:52",
        LONG,
    ),
    BreachRow(
        "R-1051",
        "Export stops " * 14,
        "/requests/c1051",
        "3 Standard",
        "next step",
        "Thu 12 Nov, 15:00",
        "not yet",
        "",
    ),
)
PAGE = ReportPage(
    company="Nordwind",
    month="November 2026",
    summary="27 of 30 due times were kept (90 %).",
    note="So far: the month is not over.",
    made="Tuesday 24 November, 14:12",
    rows=ROWS,
    bars=BARS,
    height=216,
    breaches=BREACHES,
    earlier="/reports/2026-10",
    later="",
    months_url="/reports",
    csv_url="/reports/2026-11.csv",
)
NOTHING = replace(PAGE, summary="", rows=(), bars=(), breaches=(), later="/reports/2026-12", height=0)
MONTHS = MonthsPage(
    "Nordwind",
    (
        MonthLink("November 2026", "/reports/2026-11", True),
        MonthLink("October 2026", "/reports/2026-10", False),
    ),
)
COMPANIES = CompaniesPage((CompanyLink("Nordwind", "/reports/nordwind1"),), "/before", "/after")


def report_samples() -> Iterator[Sample]:
    """A month with everything, one with nothing, one with nothing decided; the lists that lead there."""
    running = replace(PAGE, summary="", bars=(), breaches=(), rows=ROWS[-1:], height=0)
    for name, page in (("report", PAGE), ("report-none", NOTHING), ("report-running", running)):
        yield name, "desk/report.html", {"page": page}
    yield "report-staff", "desk/report.html", {"page": PAGE, "viewer": STAFF}
    yield "report-months", "desk/report_months.html", {"page": MONTHS}
    yield "report-months-none", "desk/report_months.html", {"page": MonthsPage("Sever", ()), "viewer": STAFF}
    yield "report-companies", "desk/report_companies.html", {"page": COMPANIES, "viewer": STAFF}
    nobody = {"page": CompaniesPage((), "", ""), "viewer": STAFF}
    yield "report-companies-none", "desk/report_companies.html", nobody
