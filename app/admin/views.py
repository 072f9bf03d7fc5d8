"""The administrator's pages: the overview here, and what each import adds to the one blueprint."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.accounts import service as accounts
from app.accounts import service_unsent as links
from app.accounts.errors import NotFound
from app.accounts.guards import current_settings, locale_of, may, record_view, signed_in_user
from app.accounts.rights import Right
from app.admin import views_call_types as call_types
from app.admin.companies import views as companies
from app.admin.failed_page import LINK, MAIL, WORK, Failed
from app.admin.files import views as files
from app.admin.overview_page import NOBODY_SERVED, Overview, Watched, coming_page, overview_page, place_of
from app.admin.people import views as people
from app.admin.search import views as search
from app.admin.views_blueprint import blueprint
from app.availability import service as availability
from app.availability.queries_watch import watched_people
from app.availability.watched import status_of
from app.booking import service as booking
from app.booking.in_words import Reader
from app.customers.attention.queries import concerns, served_companies
from app.desk.today.queries import clocks_today
from app.jobs import service_failed as work
from app.lib import clock
from app.lib.db import db, write
from app.lib.wording import local_date
from app.mail import service_given_up as mails

__all__ = ["blueprint", "call_types", "companies", "files", "people", "search"]

Answer = str | Response
_SHOWN, _A_PAGE, _MOST_FAILED = 20, 50, 20
_OPTION_ENDS_WITHIN = timedelta(days=30)


@blueprint.get("/overview")
@may(Right.SEE_OVERVIEW)
def overview() -> Answer:
    """What to look at, today's promises, every specialist's calendar, and the next calls."""
    now, settings = clock.now(), current_settings()
    record_view("viewed the overview", "overview")
    session, today = db.session(), local_date(now, settings.service_time_zone)
    calls = booking.coming_page(session, now, None, _SHOWN + 1)
    found = Overview(
        people=_people(now),
        calls=calls[:_SHOWN],
        today=booking.calls_today(session, today, settings.service_time_zone),
        failed=Failed(
            mails.given_up(session, now, _MOST_FAILED),
            work.failed_work(session, _MOST_FAILED),
            links.unsent_links(session, now, _MOST_FAILED),
        ),
        concerns=concerns(session, today, today + _OPTION_ENDS_WITHIN),
        mailbox=booking.mailbox_trouble(session) if settings.reads_answers else None,
        clocks=clocks_today(session, now, today, settings.service_time_zone),
        has_more=len(calls) > _SHOWN,
    )
    outcome = _("It is tried again.") if "again" in request.args else ""
    return render_template("admin/overview.html", page=overview_page(found, _reader(), outcome))


def _reader() -> Reader:
    return Reader(locale_of(), signed_in_user().time_zone, current_settings().service_time_zone)


def _people(now: datetime) -> list[Watched]:
    """Everybody with their companies and how their calendars stand; two queries."""
    settings, session = current_settings(), db.session()
    believed = availability.believed_looks(now, settings)
    served = served_companies(session, local_date(now, settings.service_time_zone))
    return [
        Watched(item.user_id, item.name, served.get(item.user_id, NOBODY_SERVED), status_of(item, believed))
        for item in watched_people(session)
    ]


@blueprint.get("/overview/calls")
@may(Right.SEE_OVERVIEW)
def coming_calls() -> Answer:
    """All calls ahead, page by page."""
    record_view("viewed the coming calls", "overview")
    now, after = clock.now(), place_of(request.args.get("after", ""))
    calls = booking.coming_page(db.session(), now, after, _A_PAGE + 1)
    page = coming_page(
        calls[:_A_PAGE], _people(now), _reader(), has_more=len(calls) > _A_PAGE, is_first=after is None
    )
    return render_template("admin/coming_calls.html", page=page)


@blueprint.post("/overview/again")
@may(Right.SEE_OVERVIEW)
def try_again() -> Answer:
    """Try once more what failed: a mail, durable work, or the mail of a sign-in link."""
    kind, key = request.form.get("kind", ""), request.form.get("key", "")
    now, user = clock.now(), signed_in_user()
    retry = _RETRIES.get(kind)
    if retry is None or not key.isprintable():
        raise NotFound(f"nothing {kind!r} can be tried again")
    if kind == WORK and not work.retry_work(db.session(), key):
        raise NotFound(f"no failed work {key!r}")

    def tried(session: Session) -> None:
        retry(session, now, key)
        accounts.record(session, now, user, "tried again", kind, key)

    write(db.session(), [], tried)
    return redirect(url_for("admin.overview", again=1), 303)


def _number(key: str) -> int:
    return int(key) if key.isascii() and key.isdecimal() and len(key) < 16 else 0


def _mail_again(session: Session, now: datetime, key: str) -> None:
    if not mails.send_again(session, now, _number(key)):
        raise NotFound(f"no mail {key!r} that could be sent again")


_RETRIES: Mapping[str, Callable[[Session, datetime, str], None]] = {
    MAIL: _mail_again,
    LINK: lambda session, now, key: links.send_link_again(session, now, _number(key)),
    # On connections of the engine's own, which must not wait for the lock that is held here: done before.
    WORK: lambda _session, _now, _key: None,
}
