"""The lengths of a call in the words of one reader, to choose anew where the one asked for is not offered."""

from dataclasses import replace
from datetime import datetime, timedelta

from flask_babel import gettext as _

from app.availability.pages import Problem, When
from app.booking.choices import LengthOption
from app.booking.in_words import Reader, length_name, service_time
from app.booking.offers.times_page import other_serves_words
from app.booking.values import CallTypeValue
from app.customers.profiles import SpecialistProfile
from app.lib import wording


def length_options(call_type: CallTypeValue) -> tuple[LengthOption, ...]:
    """All lengths that a call can have; it is as long as ``call_type`` says until another is chosen."""
    chosen = call_type.rules.length
    return tuple(
        LengthOption(str(item // timedelta(minutes=1)), length_name(item), item == chosen)
        for item in call_type.lengths
    )


def length_problems(specialist: SpecialistProfile, refused: int, shown: str) -> tuple[Problem, ...]:
    """Why the length is to be chosen anew: whoever takes the call does not offer ``refused`` minutes.

    ``shown`` is the public id of who was shown to take it, empty when nobody was.
    """
    other = [] if shown in {"", specialist.public_id} else [other_serves_words(specialist.name)]
    text = _(
        "%(name)s does not offer this call with a length of %(length)s. Choose another length.",
        name=specialist.name,
        length=length_name(timedelta(minutes=refused)),
    )
    return tuple(Problem("length", item) for item in (*other, text))


def begins(whole: When, start: datetime, reader: Reader) -> When:
    """The same time without its end, which is not known before the length is."""
    return replace(whole, span=wording.clock(start, reader.zone), service=service_time(start, reader))
