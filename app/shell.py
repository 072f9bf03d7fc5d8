"""What is the same for every answer: headers, static files, the frame of the pages, languages, forms."""

import hashlib
import mimetypes
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, current_app, request, send_from_directory, url_for
from flask_babel import Babel, get_locale
from flask_talisman import Talisman
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from app.accounts.guards import current_settings, current_user, locale_of, public
from app.accounts.guards_fresh import is_to_press_again
from app.config import Settings
from app.desk.chat.guards import unread_chats
from app.lib import clock, wording
from app.settings.values import Feature

CONTENT_POLICY = {
    "default-src": "'none'",
    "style-src": "'self'",
    "script-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "object-src": "'none'",
    "frame-ancestors": "'none'",
}
LANGUAGE_NAMES = {"en": "English", "ru": "Русский"}
A_YEAR = 31_536_000
MOST_FIELDS = 100
# Of all fields together: one of them may stand once for each of many calendars.
MOST_VALUES = 500

csrf = CSRFProtect()


def init_app(app: Flask, settings: Settings) -> None:
    """Give the application its headers, static files, languages and form protection."""
    app.config.update(
        WTF_CSRF_TIME_LIMIT=None,
        # The strict check wants a Referer, which our own policy tells browsers not to send;
        # app.accounts.guards looks at where a form comes from instead.
        WTF_CSRF_SSL_STRICT=False,
        BABEL_DEFAULT_LOCALE="en",
        BABEL_DEFAULT_TIMEZONE="UTC",
    )
    app.before_request(_allow_files)
    app.before_request(_refuse_many_fields)
    csrf.init_app(app)
    Babel(app, locale_selector=locale_of)
    Talisman(
        app,
        # TLS ends at the reverse proxy, which redirects; here only the promise to browsers is made.
        force_https=False,
        strict_transport_security=settings.is_secure,
        strict_transport_security_max_age=A_YEAR,
        content_security_policy=CONTENT_POLICY,
        frame_options="DENY",
        referrer_policy="no-referrer",
        session_cookie_secure=settings.is_secure,
        permissions_policy={},
    )
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count)  # type: ignore[method-assign]
    app.before_request(_refuse_nul)
    app.after_request(_keep_private)
    app.context_processor(_frame)
    app.add_url_rule("/assets/<path:name>", "asset", _asset)


def _allow_files() -> None:
    """Before anything reads the form: people who are signed in may send files where they are taken."""
    view = current_app.view_functions.get(request.endpoint or "")
    most = getattr(view, "most_sent", None)
    if most is not None and current_user() is not None:
        request.max_content_length = most


def _refuse_many_fields() -> None:
    """Before anything takes the form apart: the framework has no such limit for plain forms."""
    if (
        request.mimetype == "application/x-www-form-urlencoded"
        and request.get_data().count(b"&") >= MOST_VALUES
    ):
        abort(413)
    if len(request.form) > MOST_FIELDS:
        abort(413)


def _refuse_nul() -> None:
    """Nothing of ours has such an address, and PostgreSQL fails when it is asked for one."""
    if "\x00" in request.path:
        abort(404)


def _keep_private(response: Response) -> Response:
    """Answers are nobody's to cache, unless they say otherwise themselves."""
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "private, no-store"
        response.vary.add("Cookie")
    return response


@lru_cache(maxsize=64)
def _fingerprint(folder: str, name: str) -> str:
    return hashlib.sha256((Path(folder) / name).read_bytes()).hexdigest()[:12]


def asset_url(folder: str, name: str) -> str:
    """The address of a static file, with its content's fingerprint in the name."""
    stem, dot, ending = name.rpartition(".")
    return url_for("asset", name=f"{stem}.{_fingerprint(folder, name)}{dot}{ending}")


@public
def _asset(name: str) -> Response:
    stem, _, ending = name.rpartition(".")
    plain, _, _fingerprint_part = stem.rpartition(".")
    folder = Path(__file__).with_name("static")
    response = send_from_directory(folder, f"{plain}.{ending}", mimetype=mimetypes.guess_type(name)[0])
    response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    return response


def _frame() -> dict[str, Any]:
    """The values that base.html needs on every page."""
    settings, viewer = current_settings(), current_user()
    language = str(get_locale() or "en")
    other = next(code for code in settings.languages if code != language)
    zone = viewer.time_zone if viewer else settings.service_time_zone
    now = clock.now()
    folder = str(Path(__file__).with_name("static"))
    return {
        "organisation": settings.organisation,
        "lang": language,
        "viewer": viewer,
        "zone_text": wording.zone_line(now, zone, language),
        "other_language": {"code": other, "name": LANGUAGE_NAMES[other]},
        "here": request.full_path.rstrip("?") if request.method == "GET" else request.path,
        "press_again": is_to_press_again(),
        "features": {feature.value for feature in Feature if settings.offers(feature)},
        "asset": lambda name: asset_url(folder, name),
        # Asked for by the frame alone, not by fragments.
        "unread_chats": unread_chats,
    }
