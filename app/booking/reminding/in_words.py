"""Reminders in words, for pages and mails."""

from collections.abc import Sequence

from babel.lists import format_list

from app.booking.reminding.due import ahead
from app.booking.values import CallValue
from app.mail.wording import words

_HOUR, _DAY = 60, 1440


def reminders_to_come(call: CallValue) -> str:
    """ "24 hours before and 1 hour before", those that are left since its last change; may be empty."""
    minutes = ahead(call.start, call.reminders, call.changed_at)
    return times_before(minutes, call.contact_language)


def times_before(minutes: Sequence[int], language: str) -> str:
    """ "24 hours before and 1 hour before", «за 24 часа и за 1 час»; empty for none."""
    return format_list([_before(number, language) for number in minutes], locale=language) if minutes else ""


def _before(minutes: int, language: str) -> str:
    say = words(language)
    if minutes % _DAY == 0 and minutes > _DAY:
        number = minutes // _DAY
        text = say.ngettext("%(num)s day before", "%(num)s days before", number)
    elif minutes % _HOUR == 0:
        number = minutes // _HOUR
        text = say.ngettext("%(num)s hour before", "%(num)s hours before", number)
    else:
        number = minutes
        text = say.ngettext("%(num)s minute before", "%(num)s minutes before", number)
    return text % {"num": number}
