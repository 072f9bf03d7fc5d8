"""The audit log over the API, for programs that follow it."""

from collections.abc import Mapping
from typing import Any

from flask_smorest.blueprint import Blueprint

from app.accounts.auditing import service
from app.accounts.auditing.entries import as_item
from app.accounts.guards import record_view
from app.accounts.rights import Right
from app.api import schemas_audit as schemas
from app.api.guards import BodyParser, api_user, bearer
from app.lib import clock
from app.lib.db import db

blueprint = Blueprint("api_audit", __name__, url_prefix="/api/v1", description="What happened")
blueprint.ARGUMENTS_PARSER = BodyParser()


@blueprint.get("/audit")
@bearer(Right.READ_AUDIT)
@blueprint.arguments(schemas.AuditQuery, location="query")
@blueprint.response(200, schemas.AuditList, content_type="application/json")
def audit(query: Mapping[str, Any]) -> Mapping[str, Any]:
    """Facts of the audit log after the one with the id ``after``, in order; ``after`` asks for the next.

    What is younger than half a minute is not told yet.
    """
    record_view("viewed the audit log", "audit", user=api_user())
    rows = service.follow(db.session(), clock.now(), query["after"], query["limit"])
    entries = [as_item(row) for row in rows]
    return {"entries": entries, "after": rows[-1].id if rows else query["after"]}
