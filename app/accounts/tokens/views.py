"""API tokens: everybody's own under the profile, all of them for the administrator."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.guards import may, record_view, signed_in_user
from app.accounts.rights import Right, Scope
from app.accounts.tokens import service
from app.accounts.tokens.errors import TokenRefused
from app.accounts.tokens.tokens import NAME_LIMIT, TokenWish
from app.accounts.tokens.tokens_page import AllTokensPage, refusal_words, token_rows, tokens_page
from app.lib import clock
from app.lib.db import db, write
from app.lib.text import UncleanText, one_line

blueprint = Blueprint("tokens", __name__)

Answer = str | Response | tuple[str, int]
_PAGE = 50


def _page(**shown: Any) -> str:
    user = signed_in_user()
    page = tokens_page(service.tokens_of(db.session(), user), user, clock.now(), **shown)
    return render_template("accounts/tokens.html", page=page)


@blueprint.get("/profile/tokens")
@may(Right.OWN_ACCOUNT)
def own() -> Answer:
    """The person's own tokens."""
    return _page()


@blueprint.post("/profile/tokens")
@may(Right.OWN_ACCOUNT, fresh=True)
def make() -> Answer:
    """Make a token and show it, this once."""
    chosen, days = request.form.getlist("scopes"), request.form.get("days", "").strip()[:5]
    typed = {"chosen": chosen, "days": days, "name": request.form.get("name", "")[:NAME_LIMIT]}
    try:
        name = one_line(request.form.get("name", ""), NAME_LIMIT)
    except UncleanText as error:
        problem = _("Enter a name") if error.reason == "empty" else _("Enter a shorter, plain name")
        return _page(problems=[("name", problem)], **typed), 422
    number = int(days) if days.isdecimal() and days.isascii() else 0
    wish = TokenWish(name, frozenset(scope for scope in Scope if scope in chosen), number)
    now, user = clock.now(), signed_in_user()
    try:
        token = write(db.session(), [user.id], lambda s: service.make_token(s, now, user, wish))
    except TokenRefused as error:
        return _page(problems=[refusal_words(error.reason)], **typed), error.status
    return _page(secret=token, name=name)


@blueprint.post("/profile/tokens/<token_id>/end")
@may(Right.OWN_ACCOUNT)
def end_own(token_id: str) -> Answer:
    """End one of the person's own tokens."""
    _end(token_id, own=True)
    return redirect(url_for("tokens.own"), 303)


@blueprint.get("/tokens")
@may(Right.KEEP_TOKENS)
def every() -> Answer:
    """Everybody's tokens, a page at a time."""
    record_view("viewed the API tokens", "tokens")
    text = request.args.get("before", "")
    before = int(text) if text.isdecimal() and text.isascii() and len(text) < 10 else None
    found = service.all_tokens(db.session(), before, _PAGE + 1)
    shown = found[:_PAGE]
    older = shown[-1].id if len(found) > _PAGE else None
    page = AllTokensPage(token_rows(shown, signed_in_user(), clock.now()), older)
    return render_template("accounts/all_tokens.html", page=page)


@blueprint.post("/tokens/<token_id>/end")
@may(Right.KEEP_TOKENS)
def end(token_id: str) -> Answer:
    """End anybody's token."""
    _end(token_id, own=False)
    return redirect(url_for("tokens.every"), 303)


def _end(token_id: str, *, own: bool) -> None:
    now, user = clock.now(), signed_in_user()
    write(db.session(), [], lambda s: service.end_token(s, now, user, token_id, own=own))
