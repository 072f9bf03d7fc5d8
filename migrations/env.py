"""Runs Alembic for our tables; the job engine keeps and renews its own."""

from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from app.lib.db import db

# Imported for their tables alone.
from app.accounts import models as _accounts  # noqa: F401  isort: skip
from app.accounts import models_proofs as _proofs  # noqa: F401  isort: skip
from app.availability import models as _availability  # noqa: F401  isort: skip
from app.booking import models as _booking  # noqa: F401  isort: skip
from app.booking import models_kept as _kept  # noqa: F401  isort: skip
from app.calendars import models as _calendars  # noqa: F401  isort: skip
from app.customers import models as _customers  # noqa: F401  isort: skip
from app.customers import models_files as _files  # noqa: F401  isort: skip
from app.desk import models as _desk  # noqa: F401  isort: skip
from app.desk.callbacks import models as _callbacks  # noqa: F401  isort: skip
from app.desk.escalations import models as _escalations  # noqa: F401  isort: skip
from app.desk.mailbox import models as _mailbox  # noqa: F401  isort: skip
from app.desk.phone import models as _phone  # noqa: F401  isort: skip
from app.desk.requests import models as _requests  # noqa: F401  isort: skip
from app.jobs import models as _jobs  # noqa: F401  isort: skip
from app.mail import models as _mail  # noqa: F401  isort: skip


def _is_ours(name: str | None, kind: str, _parents: Any) -> bool:
    return kind != "table" or name in db.metadata.tables


def _sqlite(connection: Connection, pragma: str) -> None:
    driver: Any = connection.connection.driver_connection
    driver.execute(f"PRAGMA {pragma}")


def run() -> None:
    """Migrate the application's database in one transaction."""
    with db.engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            # A table is changed there by making it anew: dropping the old one must not delete what refers
            # to it. The switch works outside of a transaction only.
            _sqlite(connection, "foreign_keys=OFF")
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_as_batch=True,
            include_name=_is_ours,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
        if is_sqlite:
            _sqlite(connection, "foreign_keys=ON")


assert current_app
run()
