"""Where reports are found: the companies, and the months of one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.desk.reports.values import Month, ReportedCompany
from app.lib import wording
from app.lib.paging import Slice


@dataclass(frozen=True, slots=True)
class MonthLink:
    """A month, and where its report is; ``is_so_far``: it is not over."""

    name: str
    url: str
    is_so_far: bool


@dataclass(frozen=True, slots=True)
class MonthsPage:
    """A company's months, the newest first."""

    company: str
    months: tuple[MonthLink, ...]


@dataclass(frozen=True, slots=True)
class CompanyLink:
    """A company, and where its months are."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class CompaniesPage:
    """A page of companies; ``before`` and ``after`` are the addresses of its neighbours, or empty."""

    companies: tuple[CompanyLink, ...]
    before: str
    after: str


def months_page(
    company: ReportedCompany,
    months: Sequence[Month],
    this: Month,
    language: str,
    address: Callable[[Month], str],
) -> MonthsPage:
    """The page; ``this`` is the present month."""
    links = (
        MonthLink(wording.month_long(month.first, language), address(month), month == this)
        for month in months
    )
    return MonthsPage(company.name, tuple(links))


def companies_page(
    found: Slice[ReportedCompany], place_url: Callable[..., str], months_url: Callable[[str], str]
) -> CompaniesPage:
    """The page."""
    return CompaniesPage(
        companies=tuple(CompanyLink(item.name, months_url(item.public_id)) for item in found.items),
        before=place_url(before=found.before) if found.before else "",
        after=place_url(after=found.after) if found.after else "",
    )
