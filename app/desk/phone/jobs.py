"""The periodic pass over phone calls: recordings are fetched, calls that nobody took are found."""

import logging
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session

from app.config import Settings
from app.config_phone import PhoneSettings
from app.desk.files.errors import FileRefused
from app.desk.files.kinds import new_file
from app.desk.phone import queries, service
from app.desk.phone.client import NotFetched, fetch_recording
from app.desk.phone.values import PhoneCallValue
from app.desk.values import NewFile
from app.lib.db import write
from app.lib.zones import local

log = logging.getLogger(__name__)

_A_PASS = 20
_MOST_ATTEMPTS = 10
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)


def phone_pass(session: Session, settings: Settings, now: datetime) -> None:
    """Look at each call that is due, and at none for ever."""
    calls = queries.due(session, now, _A_PASS)
    session.rollback()
    for call in calls:
        try:
            _look(session, settings, now, call)
        except Exception:
            # One call's surprise must not hold up the others.
            log.exception("looking at phone call %s failed", call.public_id)
            session.rollback()


def _look(session: Session, settings: Settings, now: datetime, call: PhoneCallValue) -> None:
    if not call.is_coming:
        write(session, [], partial(service.note_missed, now=now, settings=settings, call_id=call.id))
    elif settings.phone is not None:
        _fetch(session, settings, settings.phone, now, call)


def _fetch(
    session: Session, settings: Settings, phone: PhoneSettings, now: datetime, call: PhoneCallValue
) -> None:
    claimed = write(session, [], lambda s: service.claim(s, now, call.id))
    if claimed is None:
        return
    url, attempts = claimed
    try:
        file = _audio(settings, call, fetch_recording(phone, url))
    except NotFetched as error:
        is_last = error.is_final or attempts + 1 >= _MOST_ATTEMPTS
        log.warning("the recording of phone call %s was not fetched: %s", call.public_id, error)
        again = None if is_last else now + min(_LONGEST_PAUSE, _FIRST_PAUSE * 2**attempts)
        why = str(error)
        write(session, [], lambda s: service.note_not_fetched(s, now, settings, call.id, why, again))
        return
    write(session, [], lambda s: service.note_fetched(s, call.id, file))


def _audio(settings: Settings, call: PhoneCallValue, content: bytes) -> NewFile:
    name = f"voicemail-{local(call.came_at, settings.service_time_zone):%Y-%m-%d-%H%M}"
    try:
        file = new_file(name, content)
    except FileRefused as error:
        raise NotFetched(f"refused: {error.reason}", is_final=True) from error
    if not file.media_type.startswith("audio/"):
        raise NotFetched(f"no audio but {file.media_type}", is_final=True)
    return file
