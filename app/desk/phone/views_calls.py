"""The phone calls that came in: our people hear what unknown callers said, and say whose calls they were."""

import io

from flask import Blueprint, Response, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as BaseResponse

from app.accounts.guards import current_settings, may, record_view, signed_in_user
from app.accounts.guards_limits import limited
from app.accounts.rights import Right
from app.accounts.values import ADMINISTRATOR
from app.booking.in_words import Reader
from app.desk.files.guards import sandboxed
from app.desk.phone import queries, service
from app.desk.phone.calls_page import Refused, calls_page
from app.desk.phone.errors import NoSuchContact
from app.lib import clock
from app.lib.db import db, write
from app.lib.rates import BOOKINGS

blueprint = Blueprint("phone_calls", __name__)

_PAGE = 50
_LONGEST_ADDRESS = 254


@blueprint.get("/phone-calls")
@may(Right.RUN_DESK)
def calls() -> str:
    """The calls, the last one first."""
    if signed_in_user().role == ADMINISTRATOR:
        record_view("viewed the phone calls", "phone_call")
    return _listed()


@blueprint.get("/phone-calls/<call_id>/recording")
@may(Right.RUN_DESK)
@sandboxed
def recording(call_id: str) -> Response:
    """What an unknown caller said, to be saved."""
    user = signed_in_user()
    kept = queries.recording_of(db.session(), clock.now(), current_settings(), user, call_id)
    if user.role == ADMINISTRATOR:
        record_view("heard a voicemail", "phone_call", call_id)
    answer = send_file(
        io.BytesIO(kept.content),
        mimetype=kept.media_type,
        as_attachment=True,
        download_name=kept.name,
        conditional=False,
        etag=False,
    )
    answer.headers["Cache-Control"] = "private, no-store"
    answer.vary.add("Cookie")
    return answer


@blueprint.post("/phone-calls/<call_id>/contact")
@may(Right.RUN_DESK)
@limited(BOOKINGS)
def assign(call_id: str) -> BaseResponse | tuple[str, int]:
    """An unknown caller was this contact."""
    settings, now, user = current_settings(), clock.now(), signed_in_user()
    email = request.form.get("email", "")[:_LONGEST_ADDRESS]
    try:
        write(db.session(), [], lambda s: service.assign(s, now, settings, user, call_id, email))
    except NoSuchContact:
        db.session.rollback()
        return _listed(Refused(call_id, email)), 422
    return redirect(url_for("phone_calls.calls"), 303)


def _listed(refused: Refused | None = None) -> str:
    settings, now, user = current_settings(), clock.now(), signed_in_user()
    text = request.args.get("before", "")
    before = int(text) if text.isdecimal() and text.isascii() and len(text) < 10 else None
    found = queries.latest(db.session(), now, settings, user, before, _PAGE + 1)
    shown = found[:_PAGE]
    reader = Reader(user.language, user.time_zone, settings.service_time_zone)
    older = shown[-1].id if len(found) > _PAGE else None
    page = calls_page(shown, reader, now, older, refused)
    return render_template("desk/phone_calls.html", page=page, has_errors=bool(page.problems))
