"""Who is asking, and whether they may: sessions of browsers, and the guard that every route carries."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from flask import Flask, Response, current_app, has_request_context, redirect, request, session, url_for
from sqlalchemy.exc import DBAPIError
from werkzeug.wrappers import Response as BaseResponse

from app.accounts import queries, rights, service
from app.accounts.chosen.service import stored_settings
from app.accounts.errors import ForeignRequest, NotFound
from app.accounts.guards_fresh import to_prove_again
from app.accounts.rights import Right
from app.accounts.sessions import SEEN_EVERY, is_fresh
from app.accounts.values import SignedIn, Visit
from app.config import Settings
from app.lib import clock
from app.lib.db import Busy, db, write
from app.lib.tokens import token_hash
from app.settings.features import FOR_CUSTOMERS, features_of
from app.settings.kept import KeptSettings

P = ParamSpec("P")
R = TypeVar("R")

_VISIT = "attache.visit"
_KEPT = "attache.kept_settings"
RECORDED_EVERY = timedelta(hours=1)
_SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


def init_app(app: Flask) -> None:
    """Name the cookies, refuse other origins' forms, and look up who is asking before each request.

    The session's cookie is our own and is set by signing in alone. Flask's signed cookie carries what
    comes before: the secret of the forms, the browser that asked for a link, the language.
    """
    settings: Settings = app.extensions["attache"]
    app.extensions[_KEPT] = KeptSettings(settings)
    app.config.update(
        SESSION_COOKIE_NAME=f"{session_cookie(settings)}-form",
        SESSION_COOKIE_SECURE=settings.is_secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
    )
    app.before_request(_refuse_other_origins)
    app.before_request(_refuse_switched_off)
    app.before_request(_note_use)


def environment_settings() -> Settings:
    """The settings as the environment gave them, without what was changed on pages."""
    settings = current_app.extensions["attache"]
    assert isinstance(settings, Settings)
    return settings


def current_settings() -> Settings:
    """The settings that hold now: those changed on pages over those of the environment.

    One query of its own, unless they were asked for within the last seconds. While the database does not
    answer, those that held last.
    """
    kept = _kept()
    try:
        return kept.current(clock.monotonic(), _stored)
    except DBAPIError:
        return kept.latest


def settings_changed() -> None:
    """What this process knows of the settings is not true any more; called after the change is committed."""
    _kept().drop()


def _kept() -> KeptSettings:
    kept = current_app.extensions[_KEPT]
    assert isinstance(kept, KeptSettings)
    return kept


def _stored() -> dict[str, Any]:
    # On a connection of its own, so that it fits into any transaction that is under way.
    with db.engine.connect() as connection:
        return stored_settings(connection)


def session_cookie(settings: Settings) -> str:
    """The name of the session's cookie; ``__Host-`` binds it to this host and needs https (RFC 6265bis)."""
    return "__Host-attache" if settings.is_secure else "attache"


def set_session_cookie(response: BaseResponse, settings: Settings, token: str, max_age: int) -> None:
    """Hand a session's token to the browser, for ``max_age`` seconds."""
    _set_cookie(response, settings, session_cookie(settings), token, max_age)


def step_cookie(settings: Settings) -> str:
    """The name of the cookie of somebody who owes the second proof."""
    return f"{session_cookie(settings)}-step"


def set_step_cookie(response: BaseResponse, settings: Settings, token: str, max_age: int) -> None:
    """Hand the token of a step to the browser, for ``max_age`` seconds."""
    _set_cookie(response, settings, step_cookie(settings), token, max_age)


def step_token() -> str:
    """The token of a step that the browser sent, or an empty text."""
    return request.cookies.get(step_cookie(current_settings()), "")


def device_cookie(settings: Settings, person: str = "") -> str:
    """The name of the cookie by which a browser is known for long to the person with this public id.

    It opens nothing. People who share a browser have one each; without a person, how all the names begin.
    """
    return f"{session_cookie(settings)}-device" + (f"-{token_hash(person)[:8]}" if person else "")


def set_device_cookie(
    response: BaseResponse, settings: Settings, person: str, token: str, max_age: int
) -> None:
    """Hand the token by which a browser is known to it, for ``max_age`` seconds."""
    _set_cookie(response, settings, device_cookie(settings, person), token, max_age)


def device_tokens() -> tuple[str, ...]:
    """The tokens by which the browser is known that it sent; no more than a few people share one."""
    start = device_cookie(environment_settings())
    return tuple(token[:100] for name, token in request.cookies.items() if name.startswith(start))[:20]


def _set_cookie(response: BaseResponse, settings: Settings, name: str, token: str, max_age: int) -> None:
    response.set_cookie(
        name,
        token,
        max_age=max_age,
        path="/",
        secure=settings.is_secure,
        httponly=True,
        samesite="Lax",
    )


def session_token() -> str:
    """The session token that the browser sent, or an empty text."""
    return request.cookies.get(session_cookie(environment_settings()), "")


def current_user() -> SignedIn | None:
    """Who is signed in, looked up once a request; None for nobody and outside of requests."""
    found = _visit()
    return found.user if found else None


def signed_in_user() -> SignedIn:
    """Who is signed in, for views whose guard lets nobody else in."""
    user = current_user()
    assert user is not None, "the view has no guard"
    return user


def current_visit() -> Visit:
    """The session of whoever is signed in, for views whose guard lets nobody else in."""
    found = _visit()
    assert found is not None, "the view has no guard"
    return found


def locale_of() -> str:
    """The language to answer in: the person's, else what this browser chose, else what it accepts."""
    settings = environment_settings()
    if not has_request_context():
        return settings.languages[0]
    user = current_user()
    chosen = user.language if user else session.get("language")
    if chosen in settings.languages:
        return cast(str, chosen)
    return request.accept_languages.best_match(settings.languages) or settings.languages[0]


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Anybody may come in."""
    view.guard = ("public",)  # type: ignore[attr-defined]
    return view


def may(right: Right, *, fresh: bool = False) -> Callable[[Callable[P, R]], Callable[P, R | Response]]:
    """Whoever has this right may come in.

    Others who are signed in find nothing here, which is written down; nobody is sent to the sign-in page.
    What is ``fresh`` asks whoever did not prove just now who they are to do so once more (requirement 11).
    """

    def guarded(view: Callable[P, R]) -> Callable[P, R | Response]:
        @wraps(view)
        def entered(*args: P.args, **kwargs: P.kwargs) -> R | Response:
            user = current_user()
            if user is None:
                return _to_sign_in()
            if not rights.may(user.role, right):
                record_refusal(user)
                raise NotFound(f"{request.endpoint} is not for the role {user.role}")
            if fresh and not is_fresh(current_visit().proven_at, clock.now()):
                return to_prove_again()
            return view(*args, **kwargs)

        entered.guard = ("may", right.value, *(["fresh"] if fresh else []))  # type: ignore[attr-defined]
        return entered

    return guarded


def _to_sign_in() -> Response:
    """To the sign-in page and back; a form that was sent is not repeated afterwards."""
    here = request.full_path.rstrip("?") if request.method == "GET" else None
    return cast(Response, redirect(url_for("accounts.sign_in", next=here if here != "/" else None), 303))


def from_here(user: SignedIn) -> SignedIn:
    """The person, with the address that this request comes from."""
    return replace(user, client_address=request.remote_addr or "")


def record_refusal(user: SignedIn, **why: str) -> None:
    """Write down that somebody asked for what their role, or their token, has no right to; once an hour."""
    _record_hourly(user, "was refused", "route", request.endpoint or "", role=user.role, **why)


def record_view(verb: str, object_type: str, object_id: str = "all", user: SignedIn | None = None) -> None:
    """Write down that somebody, else whoever is signed in, looked at data; once an hour for each thing."""
    _record_hourly(user or signed_in_user(), verb, object_type, object_id)


def _record_hourly(user: SignedIn, *fact: str, **detail: str) -> None:
    session, now = db.session(), clock.now()
    verb, object_type, object_id = fact
    if not queries.was_recorded(session, now - RECORDED_EVERY, user.id, verb, object_type, object_id):
        write(session, [], lambda s: service.record(s, now, user, verb, object_type, object_id, **detail))


def _visit() -> Visit | None:
    if not has_request_context():
        return None
    # Kept with the request and not in ``g``: that belongs to the application context, which several
    # requests of a test or a command may share.
    if _VISIT not in request.environ:
        token = session_token()
        found = queries.visit(db.session(), clock.now(), token) if token else None
        request.environ[_VISIT] = found and replace(found, user=from_here(found.user))
    return cast("Visit | None", request.environ[_VISIT])


def _note_use() -> None:
    if request.endpoint in {"asset", "static"}:
        return
    found, now = _visit(), clock.now()
    if found and now - found.last_seen_at >= SEEN_EVERY:
        # If the database is busy, the next request writes it down.
        with suppress(Busy):
            write(db.session(), [], lambda s: service.touch_session(s, now, found.id))


def _refuse_switched_off() -> None:
    """Raises NotFound for a route of a feature that is switched off."""
    needed = features_of(request.endpoint or "")
    missing = needed & current_settings().features_off if needed else needed
    user = current_user() if missing else None
    if user is not None and user.is_staff:
        missing -= FOR_CUSTOMERS
    if missing:
        raise NotFound(f"switched off: {', '.join(sorted(missing))}")


def _refuse_other_origins() -> None:
    """Raises ForeignRequest when a page of another origin sends a form (tokens and cookies aside)."""
    if request.method in _SAFE_METHODS:
        return
    # Under our own Referrer-Policy browsers send "Origin: null" with our forms too, so Sec-Fetch-Site tells
    # those from others; programs send neither.
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    if site not in {"same-origin", "none"}:
        raise ForeignRequest(f"site {site!r}")
    origin = request.headers.get("Origin", "null").rstrip("/").lower()
    if origin not in {"null", environment_settings().public_url.lower()}:
        raise ForeignRequest(f"origin {origin!r}")
