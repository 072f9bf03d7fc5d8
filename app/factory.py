"""Puts the application together; reads like a table of contents."""

from pathlib import Path

from flask import Flask
from flask_migrate import Migrate

from app import cli, errors, shell
from app.accounts import guards, guards_limits
from app.accounts import views as accounts
from app.accounts.again import views as again
from app.accounts.browsers import views as browsers
from app.accounts.passkeys import views as passkeys
from app.accounts.passkeys import views_own as own_passkeys
from app.accounts.proofs import views as proofs
from app.accounts.security import views as security
from app.accounts.tokens import views as tokens
from app.admin import views as admin
from app.admin.audit import views as audit
from app.admin.contacts import views as contacts
from app.admin.holidays import views as holidays
from app.admin.mails import views as mails
from app.admin.serving import views_all as serving
from app.admin.settings import views as settings_pages
from app.api import views as api
from app.api import views_attendees as api_attendees
from app.api import views_audit as api_audit
from app.api import views_requests as api_requests
from app.api import views_senior as api_senior
from app.api import views_series as api_series
from app.api import views_waiting as api_waiting
from app.availability import views as availability
from app.booking import views as booking
from app.calendars.pages import views as calendars
from app.config import Settings, load_settings
from app.demo import views as demo
from app.desk.callbacks import views as callbacks
from app.desk.callbacks.ringing import views as ringing
from app.desk.calls import views as linked_calls
from app.desk.chat import views as chat
from app.desk.files import views as files
from app.desk.handover import views as hand_overs
from app.desk.mailbox import views as quarantine
from app.desk.phone import views as phone
from app.desk.phone import views_calls as phone_calls
from app.desk.requests import views as requests
from app.lib.db import db, engine_options, prepare_engine
from app.lib.masking import init_logging
from app.operations import views as operations
from app.portal import views as portal
from app.portal.contact_card import views as contact_card
from app.portal.feeds import views as feeds
from app.portal.openid import views as openid
from app.portal.own_data import views as own_data
from app.portal.profile import views as profile

PAGES = (
    accounts,
    proofs,
    again,
    browsers,
    passkeys,
    own_passkeys,
    security,
    openid,
    portal,
    contact_card,
    profile,
    feeds,
    own_data,
    tokens,
    contacts,
    settings_pages,
    holidays,
    mails,
    serving,
    audit,
    booking,
    hand_overs,
    files,
    callbacks,
    ringing,
    quarantine,
    linked_calls,
    requests,
    chat,
    availability,
    calendars,
    admin,
    operations,
    phone,
    phone_calls,
)


def create_app(settings: Settings | None = None) -> Flask:
    """The web application for these settings (by default those of the environment)."""
    chosen = settings or load_settings()
    init_logging(chosen.log_level)
    app = Flask(__name__)
    app.extensions["attache"] = chosen
    _configure(app, chosen)
    _connect_database(app)
    shell.init_app(app, chosen)
    guards.init_app(app)
    guards_limits.init_app(app)
    for package in PAGES:
        app.register_blueprint(package.blueprint)
    if chosen.shows_demo_mail:
        app.register_blueprint(demo.blueprint)
    # Programs send these, each signed.
    shell.csrf.exempt(phone.blueprint)
    _offer_api(app, chosen)
    errors.init_app(app)
    cli.init_app(app)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    # Whatever the environment says: a page with the innards of an error is for nobody.
    app.debug = False
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
        MAX_CONTENT_LENGTH=1 << 20,
        MAX_FORM_PARTS=100,
    )


def _connect_database(app: Flask) -> None:
    db.init_app(app)
    Migrate(app, db, directory=str(Path(__file__).parent.parent / "migrations"))
    with app.app_context():
        prepare_engine(db.engine)


def _offer_api(app: Flask, settings: Settings) -> None:
    app.config.update(
        API_TITLE="Attaché",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/api/v1",
        OPENAPI_JSON_PATH="openapi.json",
        API_SPEC_OPTIONS={"servers": [{"url": settings.public_url}], "security": [{"token": []}]},
    )
    document = api.ProblemApi(app)
    document.spec.components.security_scheme("token", api.TOKEN_SCHEME)
    for part in (api, api_attendees, api_senior, api_series, api_waiting, api_requests, api_audit):
        document.register_blueprint(part.blueprint)
        shell.csrf.exempt(part.blueprint)
