"""What callers hear, in their language, and how a call is called in a conversation."""

from dataclasses import dataclass
from datetime import datetime

from app.desk.phone.twiml import Spoken
from app.lib import wording
from app.lib.phone_numbers import international
from app.mail.wording import words


@dataclass(frozen=True, slots=True)
class Promise:
    """What somebody whom we know is promised: who serves, when they are there again, by when they ring.

    ``back_at`` is None when that is not known. ``zone`` is that of the times.
    """

    name: str
    back_at: datetime | None
    due_at: datetime
    zone: str


@dataclass(frozen=True, slots=True)
class House:
    """How we call ourselves, and the standard support that is there around the clock."""

    organisation: str
    standard_email: str


def greeting(house: House, promise: Promise | None, language: str) -> Spoken:
    """What is said before the tone; without a promise to somebody whom we do not know."""
    _ = words(language).gettext
    said = [_("This is dedicated support of %(organisation)s.") % {"organisation": house.organisation}]
    if promise is None:
        said += [
            _("We do not know this number as one of a customer with dedicated support."),
            _("Please say your name, your company and your number after the tone."),
        ]
    else:
        said += [
            _absent(promise, language),
            _("Leave a message after the tone, two minutes at most. We call you back by %(time)s.")
            % {"time": _moment(promise.due_at, promise.zone, language)},
        ]
    if house.standard_email:
        said.append(
            _("Our standard support is there around the clock: %(email)s.") % {"email": house.standard_email}
        )
    return Spoken(language, " ".join(said))


def farewell(language: str) -> Spoken:
    """What is said when the call ends."""
    return Spoken(language, words(language).gettext("Thank you. Goodbye."))


def voicemail_line(seconds: int, number: str, language: str) -> str:
    """A voicemail as a message: "Voicemail, 34 s, from +49 30 12345678"."""
    _ = words(language).gettext
    text = _("Voicemail, %(seconds)s s") % {"seconds": seconds}
    return _from(text, number, language)


def missed_line(number: str, language: str) -> str:
    """A call that nobody took, as the topic of a callback: "Missed call from +49 30 12345678"."""
    return _from(words(language).gettext("Missed call"), number, language)


def lost_line(language: str) -> str:
    """What our people read when a recording could not be had."""
    return words(language).gettext("The recording could not be fetched from the telephony provider.")


def _absent(promise: Promise, language: str) -> str:
    _ = words(language).gettext
    if promise.back_at is None:
        return _("%(name)s cannot take your call at the moment.") % {"name": promise.name}
    back = _moment(promise.back_at, promise.zone, language)
    return _("%(name)s can be reached again from %(time)s.") % {"name": promise.name, "time": back}


def _moment(moment: datetime, zone: str, language: str) -> str:
    """ "Tuesday 24 November, 11:00, Berlin time, UTC+1"; a voice reads it."""
    return f"{wording.until(moment, zone, language)}, {wording.zone_name(moment, zone, language)}"


def _from(text: str, number: str, language: str) -> str:
    _ = words(language).gettext
    if not number:
        return _("%(what)s, hidden number") % {"what": text}
    return _("%(what)s, from %(number)s") % {"what": text, "number": international(number)}
