"""What the telephony provider sends, of which nothing is believed beyond its form."""

import re

from flask import abort, request

from app.config import Settings
from app.config_phone import PhoneSettings
from app.desk.phone.client import is_allowed
from app.desk.phone.numbers import caller_number
from app.desk.phone.values import Incoming, Recording

_NAME = re.compile(r"[A-Za-z0-9._-]{1,80}")
_MOST_URL = 500
_LONGEST = 3600
_ANSWERED = frozenset({"completed", "answered"})


def incoming(settings: Settings) -> Incoming:
    """The call that is told of; 400 when it has no name."""
    name = request.form.get("CallSid", "")
    if not _NAME.fullmatch(name):
        abort(400)
    return Incoming(name, caller_number(request.form.get("From", "")[:40], settings.service_country))


def recording(phone: PhoneSettings) -> Recording:
    """What was recorded; no seconds when nothing was, no address when it is none to fetch from."""
    url, length = request.form.get("RecordingUrl", ""), request.form.get("RecordingDuration", "")
    is_number = length.isascii() and length.isdigit() and len(length) <= 6
    seconds = min(int(length), _LONGEST) if is_number else 0
    if request.form.get("RecordingStatus", "completed") != "completed" or not url:
        return Recording("", 0)
    if len(url) > _MOST_URL or not is_allowed(phone, url):
        return Recording("", seconds, "not in PHONE_MEDIA_ORIGINS")
    return Recording(url, seconds)


def was_answered() -> bool:
    """Whether whoever was let ring spoke with the caller."""
    return request.form.get("DialCallStatus", "") in _ANSWERED


def rung() -> tuple[str, ...]:
    """Who was let ring already: the address is ours, and signed with the rest."""
    return tuple(name for name in request.args.get("rung", "").split(".") if name)[:10]
