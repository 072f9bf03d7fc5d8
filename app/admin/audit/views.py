"""The audit log: searched on a page, and handed out as lines of JSON."""

from flask import Blueprint, Response, render_template, request, stream_with_context

from app.accounts.auditing import service
from app.accounts.auditing.entries import AuditFilter, read_filter
from app.accounts.guards import may, record_view, signed_in_user
from app.accounts.rights import Right
from app.accounts.service import record
from app.admin.audit.audit_page import audit_page
from app.lib import clock
from app.lib.db import db, write

blueprint = Blueprint("audit", __name__)

_PAGE = 50


def _asked() -> AuditFilter:
    return read_filter(request.values, signed_in_user().time_zone)


@blueprint.get("/audit")
@may(Right.READ_AUDIT)
def entries() -> str:
    """The log, the newest first; that somebody reads it is written down too."""
    record_view("viewed the audit log", "audit")
    asked, text = _asked(), request.args.get("before", "")
    before = int(text) if text.isdecimal() and text.isascii() and len(text) < 15 else None
    log = service.look(db.session(), asked, before, _PAGE + 1)
    shown = log.rows[:_PAGE]
    older = shown[-1].id if len(log.rows) > _PAGE else None
    page = audit_page(log, shown, asked, signed_in_user(), older)
    return render_template("admin/audit.html", page=page)


@blueprint.post("/audit/export")
@may(Right.READ_AUDIT)
def export() -> Response:
    """What was asked for as lines of JSON; it is written down who took it, so it is no GET."""
    now, user, asked = clock.now(), signed_in_user(), _asked()
    write(
        db.session(),
        [],
        lambda s: record(s, now, user, "exported the audit log", "audit", "all", asked=asked.fields()),
    )
    answer = Response(stream_with_context(service.lines(asked)), content_type="application/x-ndjson")
    answer.headers["Content-Disposition"] = 'attachment; filename="audit.ndjson"'
    return answer
