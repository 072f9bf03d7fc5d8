"""Migrated databases for tests: made once a run as a template, then copied."""

import shutil
from pathlib import Path

from alembic import command
from alembic.config import Config
from flask import Flask
from sqlalchemy import Engine, create_engine

from app.jobs.client import prepare_database
from app.lib.db import db, engine_options, prepare_engine

MIGRATIONS = Path(__file__).parents[2] / "migrations"


def make_engine(url: str) -> Engine:
    """An engine like the application's, outside of it."""
    engine = create_engine(url, **engine_options(url))
    prepare_engine(engine)
    return engine


def migrate(url: str) -> None:
    """Bring an empty database to the current tables, ours and then the job engine's."""
    move_to(url, "head")
    prepare_database(url)


def move_to(url: str, revision: str, *, back: bool = False) -> None:
    """Bring our tables to a revision, up or down."""
    # No more of the application than Alembic's environment asks for: pages have no say in tables.
    app = Flask("migrations")
    app.config.update(SQLALCHEMY_DATABASE_URI=url, SQLALCHEMY_ENGINE_OPTIONS=engine_options(url))
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
        configuration = Config()
        configuration.set_main_option("script_location", str(MIGRATIONS))
        (command.downgrade if back else command.upgrade)(configuration, revision)
        db.engine.dispose()


def copy_sqlite(template: Path, target: Path) -> str:
    """Copy a closed SQLite file; the address of the copy."""
    shutil.copyfile(template, target)
    return f"sqlite:///{target}"
