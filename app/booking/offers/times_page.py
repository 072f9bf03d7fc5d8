"""Open times in the words of one reader, and whom they are with."""

from collections.abc import Sequence

from flask_babel import gettext as _

from app.booking.in_words import Reader, first_name, service_time
from app.booking.offers.wish import OpenTime, Turn
from app.booking.pages import Alternative
from app.customers.profiles import SpecialistProfile
from app.customers.roster import Served
from app.lib import wording


def alternatives(
    times: Sequence[OpenTime], shown: SpecialistProfile, reader: Reader
) -> tuple[Alternative, ...]:
    """Near free times as choices; ``shown`` is whom the page is about."""
    return tuple(
        Alternative(
            start=wording.rfc3339(time.start),
            day=wording.day_long(wording.local_date(time.start, reader.zone), reader.language),
            time=wording.clock(time.start, reader.zone),
            service=service_time(time.start, reader),
            with_whom=with_whom(time.turn, shown),
            specialist=time.specialist.public_id if time.turn.served else "",
        )
        for time in times
    )


def with_whom(turn: Turn | None, shown: SpecialistProfile) -> str:
    """ "with Rita, who stands in for Sam": a stand-in, or else somebody who is not ``shown``; else empty."""
    if turn is None or turn.wish.away:
        return ""
    person = turn.wish.specialist
    plain = "" if person.user_id == shown.user_id else _("with %(name)s", name=first_name(person.name))
    return standing_in_words(turn.served) or plain


def standing_in_words(served: Served | None) -> str:
    """The same of a stand-in alone."""
    if served is None or served.by is None or not served.is_away:
        return ""
    name, other = first_name(served.by.name), first_name(served.dedicated.name)
    return _("with %(name)s, who stands in for %(other)s", name=name, other=other)


def serves_words(name: str) -> str:
    """Who takes calls on a day, for whoever was shown somebody else."""
    return _("%(name)s takes calls on that day now.", name=name)


def other_serves_words(name: str) -> str:
    """What is told to whoever was shown somebody else."""
    return _("%(name)s takes calls on that day now. Nothing is booked until you confirm again.", name=name)


def other_times_words(name: str) -> str:
    """The same where there is nothing to confirm yet."""
    return _("%(name)s takes calls on that day now. Choose a time again.", name=name)
