"""A contact downloads all that is kept about them."""

from flask import Blueprint, Response

from app.accounts.guards import current_settings, may, signed_in_user
from app.accounts.rights import Right
from app.booking.exporting.personal_data import archive
from app.desk.exporting.service import export_contact
from app.lib import clock
from app.lib.db import db, write

blueprint = Blueprint("own_data", __name__)


@blueprint.post("/me/data")
@may(Right.OWN_DATA)
def download() -> Response:
    """One ZIP with everything; that it was asked for is written down, so it is no GET."""
    now, user, settings = clock.now(), signed_in_user(), current_settings()
    files = write(db.session(), [], lambda s: export_contact(s, now, settings, user, user.public_id))
    answer = Response(archive(files, now), content_type="application/zip")
    answer.headers["Content-Disposition"] = 'attachment; filename="my-data.zip"'
    return answer
