"""The monthly reports: a company's own for its contacts, those of the companies they serve for our people."""

from collections.abc import Sequence
from datetime import datetime

from flask import Blueprint, Response, render_template, request, url_for
from sqlalchemy.orm import Session

from app.accounts.errors import NotFound
from app.accounts.guards import current_settings, locale_of, may, record_view, signed_in_user
from app.accounts.rights import Right
from app.accounts.values import ADMINISTRATOR, CONTACT
from app.customers.files.csv_text import to_csv
from app.desk.reports import queries
from app.desk.reports.csv_rows import COLUMNS, csv_rows
from app.desk.reports.months_page import companies_page, months_page
from app.desk.reports.report_page import Addresses, report_page
from app.desk.reports.values import Month, ReportedCompany, ReportLine, month_of, months_between, read_month
from app.desk.requests.views_shared import reader, request_url
from app.lib import clock
from app.lib.db import db
from app.lib.paging import Place
from app.lib.wording import local_date

blueprint = Blueprint("reports", __name__)

_LONGEST = 300


@blueprint.get("/reports")
@may(Right.SEE_DESK)
def reports() -> str:
    """A contact's months, or the companies whose reports one of our people may read."""
    session, user = db.session(), signed_in_user()
    if user.role == CONTACT:
        return _months(queries.own_company(session, user), "")
    # PostgreSQL fails when it is asked for NUL.
    after, before = (
        request.args.get(name, "").replace("\x00", "")[:_LONGEST] for name in ("after", "before")
    )
    found = queries.readable_companies(session, clock.now(), current_settings(), user, Place(after, before))
    page = companies_page(found, lambda **key: url_for("reports.reports", **key), _months_url)
    return render_template("desk/report_companies.html", page=page)


@blueprint.get("/reports/<string(minlength=8):company_id>")
@may(Right.RUN_DESK)
def months(company_id: str) -> str:
    """The months of a company that somebody serves."""
    return _months(_company(company_id), company_id)


@blueprint.get("/reports/<string(length=7):month>")
@may(Right.ASK_DESK)
def own(month: str) -> str:
    """A month of the contact's own company."""
    return _report(queries.own_company(db.session(), signed_in_user()), "", _month(month))


@blueprint.get("/reports/<string(length=7):month>.csv")
@may(Right.ASK_DESK)
def own_file(month: str) -> Response:
    """The same as a file."""
    return _file(queries.own_company(db.session(), signed_in_user()), _month(month))


@blueprint.get("/reports/<string(minlength=8):company_id>/<string(length=7):month>")
@may(Right.RUN_DESK)
def of_company(company_id: str, month: str) -> str:
    """A month of a company that somebody serves."""
    return _report(_company(company_id, is_report=True), company_id, _month(month))


@blueprint.get("/reports/<string(minlength=8):company_id>/<string(length=7):month>.csv")
@may(Right.RUN_DESK)
def file_of_company(company_id: str, month: str) -> Response:
    """The same as a file."""
    return _file(_company(company_id, is_report=True), _month(month))


def _report(company: ReportedCompany, company_id: str, month: Month) -> str:
    now = clock.now()
    lines = _lines(db.session(), now, company, month)
    urls = Addresses(
        of_month=lambda other: _address(company_id, other),
        of_request=request_url,
        months=_months_url(company_id),
        csv=f"{_address(company_id, month)}.csv",
    )
    page = report_page(company, month, lines, now, reader(), urls)
    return render_template("desk/report.html", page=page)


def _file(company: ReportedCompany, month: Month) -> Response:
    lines = _lines(db.session(), clock.now(), company, month)
    answer = Response(to_csv(COLUMNS, csv_rows(lines)), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="requests-{month.text}.csv"'
    return answer


def _months(company: ReportedCompany, company_id: str) -> str:
    zone, session = current_settings().service_time_zone, db.session()
    this = month_of(local_date(clock.now(), zone))
    first = queries.first_month(session, company.id, zone)
    found = () if first is None else months_between(first, this)
    page = months_page(company, found, this, locale_of(), lambda month: _address(company_id, month))
    return render_template("desk/report_months.html", page=page)


def _lines(session: Session, now: datetime, company: ReportedCompany, month: Month) -> Sequence[ReportLine]:
    return queries.report_lines(session, now, current_settings(), company.id, month)


def _company(company_id: str, *, is_report: bool = False) -> ReportedCompany:
    """A company that somebody serves; that an administrator reads its report is written down."""
    user, now = signed_in_user(), clock.now()
    found = queries.find_company(db.session(), now, current_settings(), user, company_id)
    if is_report and user.role == ADMINISTRATOR:
        record_view("viewed a monthly report", "company", str(found.id))
    return found


def _month(text: str) -> Month:
    """The month that is asked for, up to the present one."""
    found = read_month(text)
    this = month_of(local_date(clock.now(), current_settings().service_time_zone))
    if found is None or found > this:
        raise NotFound(f"no month {text!r}")
    return found


def _address(company_id: str, month: Month) -> str:
    if company_id:
        return url_for("reports.of_company", company_id=company_id, month=month.text)
    return url_for("reports.own", month=month.text)


def _months_url(company_id: str) -> str:
    return url_for("reports.months", company_id=company_id) if company_id else url_for("reports.reports")


def _place() -> Place:
    # PostgreSQL fails when it is asked for NUL.
    after, before = (request.args.get(name, "").replace("\x00", "") for name in ("after", "before"))
    return Place(after[:_LONGEST], before[:_LONGEST])
