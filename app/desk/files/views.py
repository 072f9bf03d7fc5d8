"""Files of messages, handed out to be saved and never to be shown in place."""

import io

from flask import Blueprint, Response, send_file

from app.accounts.guards import current_settings, may, record_view, signed_in_user
from app.accounts.rights import Right
from app.accounts.values import ADMINISTRATOR
from app.desk.files.guards import sandboxed
from app.desk.queries import file_of
from app.desk.values import FileValue
from app.lib import clock
from app.lib.db import db

blueprint = Blueprint("files", __name__)


@blueprint.get("/attachments/<file_id>")
@may(Right.SEE_DESK)
@sandboxed
def download(file_id: str) -> Response:
    """One file, under its name (RFC 6266)."""
    user = signed_in_user()
    file, content = file_of(db.session(), clock.now(), current_settings(), user, file_id)
    if user.role == ADMINISTRATOR:
        record_view("viewed a file", "file", file_id)
    return saved(file, content)


def saved(file: FileValue, content: bytes) -> Response:
    """The answer that hands a file out; its view is ``sandboxed``."""
    # No ETag and no date: nothing of it is to be kept anywhere.
    answer = send_file(
        io.BytesIO(content),
        mimetype=file.media_type,
        as_attachment=True,
        download_name=file.name,
        conditional=False,
        etag=False,
    )
    answer.headers["Cache-Control"] = "private, no-store"
    answer.vary.add("Cookie")
    return answer
