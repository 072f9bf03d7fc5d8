"""Private calendar links: their page, and the feeds that stand behind them."""

import gzip
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.http import is_resource_modified
from werkzeug.wrappers import Response as AnyResponse

from app.accounts.errors import NotFound
from app.accounts.guards import current_settings, locale_of, may, public, signed_in_user
from app.accounts.guards_limits import client_address, client_network, hit
from app.accounts.rights import Right
from app.accounts.service_limits import Use
from app.booking import service as booking
from app.booking.feeds.errors import TooManyLinks
from app.booking.in_words import Reader
from app.booking.values import CALLS, PRESENCE, Feed
from app.lib import clock
from app.lib.db import db, snapshot, write
from app.lib.errors import DomainError
from app.lib.rates import POLLS_PER_CLIENT, POLLS_PER_FEED
from app.lib.text import UncleanText, one_line
from app.portal.feeds.feeds_page import feeds_page, new_feed
from app.portal.pages import FeedsPage
from app.settings.values import Feature

blueprint = Blueprint("feeds", __name__)

Answer = str | AnyResponse | tuple[str, int]
_NAME_LIMIT = 100
_PLAIN = "text/plain; charset=utf-8"
_CALENDAR = "text/calendar; charset=utf-8"
_HEADERS = {
    "Cache-Control": "private, no-cache",
    "X-Robots-Tag": "noindex",
    "Referrer-Policy": "no-referrer",
    "Vary": "Accept-Encoding",
}


def form_for_link() -> FeedsPage:
    """What the signed-in person makes a link with, as a part of a page that does not list those they have."""
    return feeds_page([], _kinds(), _reader())


def _reader() -> Reader:
    return Reader(locale_of(), signed_in_user().time_zone, current_settings().service_time_zone)


def _kinds() -> list[str]:
    """What links this person can have at the moment."""
    offered = current_settings().offers(Feature.PRESENCE_FEEDS)
    return [kind for kind in booking.kinds_for(signed_in_user()) if kind != PRESENCE or offered]


def _page(**shown: Any) -> str:
    page = feeds_page(booking.feeds(db.session(), signed_in_user().id), _kinds(), _reader(), **shown)
    return render_template("portal/feeds.html", page=page)


@blueprint.get("/calendar-links")
@may(Right.KEEP_FEEDS)
def links() -> Answer:
    """The person's private links."""
    return _page()


@blueprint.post("/calendar-links")
@may(Right.KEEP_FEEDS, fresh=True)
def create() -> Answer:
    """Make a private link and show it, this once."""
    typed, kind = request.form.get("name", ""), request.form.get("kind", CALLS)
    if kind not in _kinds():
        raise NotFound(f"no feed {kind!r}")
    try:
        name = one_line(typed, _NAME_LIMIT)
    except UncleanText as error:
        problem = _("Enter a name") if error.reason == "empty" else _("Enter a shorter, plain name")
        return _page(problem=problem, typed=typed[:_NAME_LIMIT], kind=kind), 422
    now, user = clock.now(), signed_in_user()
    try:
        made = write(
            db.session(), [user.id], lambda session: booking.make_feed(session, now, user, name, kind)
        )
    except TooManyLinks as error:
        problem = _("You have %(number)s links already. Remove one of them first.", number=error.limit)
        return _page(problem=problem, typed=name, kind=kind), error.status
    return _shown_once(made[0].name, made[1])


@blueprint.post("/calendar-links/<feed_id>/replace")
@may(Right.KEEP_FEEDS, fresh=True)
def replace(feed_id: str) -> Answer:
    """Give a link a new address and show it, this once; the old one is dead at once."""
    now, user = clock.now(), signed_in_user()
    made = write(db.session(), [], lambda session: booking.replace_feed(session, now, user, feed_id))
    return _shown_once(made[0].name, made[1])


def _shown_once(name: str, token: str) -> str:
    address = current_settings().public_url + url_for("feeds.show", token=token)
    return _page(new=new_feed(name, address))


@blueprint.post("/calendar-links/<feed_id>/remove")
@may(Right.KEEP_FEEDS)
def remove(feed_id: str) -> Answer:
    """Remove a private link: from now on there is nothing at its address."""
    now, user = clock.now(), signed_in_user()
    write(db.session(), [], lambda session: booking.remove_feed(session, now, user, feed_id))
    return redirect(url_for("feeds.links"), 303)


@blueprint.get("/feeds/<token>.ics")
@public
def show(token: str) -> Response:
    """A link's calendar for calendar programs: no cookie, nothing written for who has it already."""
    try:
        _count(token)
    except DomainError as error:
        # Not the usual pages, which name their own address.
        later = _HEADERS | {"Retry-After": str(getattr(error, "retry_after", 30))}
        return Response("Later.\n", error.status, later, content_type=_PLAIN)
    with snapshot() as connection:
        try:
            found = booking.feed(connection, clock.now(), current_settings(), token)
        except NotFound:
            # Not the usual page, which names its own address: every wrong token has the same answer.
            return Response("There is nothing here.\n", 404, _HEADERS, content_type=_PLAIN)
        # Weak, because the packed form and the plain one are the same calendar (RFC 9110, 8.8.1).
        etag = f'W/"{found.version}"'
        if _has_it(found, etag):
            return Response(status=304, headers=_HEADERS | {"ETag": etag})
        return _written(found, etag)


def _count(token: str) -> None:
    by_client, of_feed = Use(POLLS_PER_CLIENT, client_network()), Use(POLLS_PER_FEED, token)
    hit(by_client, of_feed, actor=client_address())


def _has_it(found: Feed, etag: str) -> bool:
    # What nearly every poll sends, without taking it apart.
    if request.headers.get("If-None-Match") == etag:
        return True
    return not is_resource_modified(request.environ, etag=etag, last_modified=found.changed_at)


def _written(found: Feed, etag: str) -> Response:
    answer = Response(found.write(), 200, _HEADERS | {"ETag": etag}, content_type=_CALENDAR)
    if found.changed_at is not None:
        answer.last_modified = found.changed_at
    if request.accept_encodings["gzip"] > 0:
        answer.set_data(gzip.compress(answer.get_data(), mtime=0))
        answer.headers["Content-Encoding"] = "gzip"
    return answer
