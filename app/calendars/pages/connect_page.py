"""The words of connecting: what is wrong with an address, what a server answered, when to try again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from app.calendars.connecting.lookup_values import LookupView
from app.calendars.pages.accounts_page import Reading, host_of
from app.calendars.pages.page_values import Problem, ServiceHint
from app.calendars.pages.presets_page import all_presets
from app.calendars.pages.trouble_page import address_field, address_words, trouble_words
from app.lib import wording


@dataclass(frozen=True, slots=True)
class Trouble:
    """What stands in the box on top of a form: a heading, and what to do."""

    title: str = ""
    advice: str = ""


NO_TROUBLE = Trouble()


def address_problem(reason: str) -> Problem:
    """Why nothing can be asked at what was typed, at its field."""
    return Problem(address_field(reason), address_words(reason))


def failure(found: LookupView) -> Trouble:
    """What a look at a server came to, and what to do."""
    return Trouble(*trouble_words(found.reason))


def services_of(chosen: str, link: Callable[[str], str]) -> tuple[ServiceHint, ...]:
    """The known services; ``link`` gives the address of the form for one, filled in."""
    return tuple(
        ServiceHint(
            key=item.key,
            name=item.name,
            address=item.address,
            is_example=item.is_example,
            hints=item.hints,
            url=link(item.key),
            is_chosen=item.key == chosen,
            is_closed=not item.is_usable,
        )
        for item in all_presets()
    )


def limit(seconds: int, reading: Reading) -> Trouble:
    """That somebody has asked too often, and when to try again."""
    again = wording.clock(reading.now + timedelta(seconds=seconds), reading.zone)
    return Trouble(
        _("That was too often"),
        _("Nothing was sent. Try again at %(time)s.", time=again),
    )


def server_of(found: LookupView) -> str:
    """The server that was asked, as its owner knows it."""
    return host_of(found.url) if found.url and found.state != "moved" else _typed_server(found.address)


def _typed_server(address: str) -> str:
    if "://" in address:
        return host_of(address)
    return address.rpartition("@")[2].partition("/")[0]


def events_words(count: int) -> str:
    """ "1 entry", "120 entries"."""
    return ngettext("%(num)s entry", "%(num)s entries", count)
