"""``/healthz`` for the process, ``/readyz`` for everything it needs."""

from flask import Blueprint, Response, current_app, jsonify

from app.accounts.guards import environment_settings, public
from app.lib import clock
from app.lib.db import db
from app.operations.service import readiness

blueprint = Blueprint("operations", __name__)


@blueprint.get("/healthz")
@public
def healthz() -> Response:
    """The process answers."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
@public
def readyz() -> tuple[Response, int]:
    """Database, migrations, worker and calendars; 503 when one of them is not as it must be."""
    migrations = current_app.extensions["migrate"].directory
    checks = readiness(db.session(), clock.now(), environment_settings(), migrations)
    is_ready = all(check.is_ok for check in checks)
    # Only states leave the house: whose calendar is away is for signed-in people.
    body = {check.name: "ok" if check.is_ok else "failed" for check in checks}
    return jsonify(status="ok" if is_ready else "failed", checks=body), 200 if is_ready else 503
