"""A person's private calendar links in their own words."""

from collections.abc import Sequence
from urllib.parse import quote

from flask_babel import gettext as _

from app.booking.in_words import Reader
from app.booking.values import PRESENCE, FeedLinkValue
from app.lib import wording
from app.portal.pages import FeedKind, FeedRow, FeedsPage, NewFeed

_GOOGLE = "https://calendar.google.com/calendar/r?cid="


def feeds_page(
    links: Sequence[FeedLinkValue],
    kinds: Sequence[str],
    reader: Reader,
    *,
    new: NewFeed | None = None,
    problem: str = "",
    typed: str = "",
    kind: str = "",
) -> FeedsPage:
    """The links; with ``new`` the one that was made just now, with ``problem`` what is wrong with a name."""
    chosen = kind or kinds[0]
    choices = [FeedKind(value, _shows(value), value == chosen) for value in kinds]
    return FeedsPage(
        rows=tuple(_row(link, reader) for link in links),
        kinds=tuple(choices) if len(choices) > 1 else (),
        new=new,
        problem=problem,
        typed=typed,
    )


def new_feed(name: str, url: str) -> NewFeed:
    """A link that was made just now; calendar programs open ``webcal://`` in place of ``https://``."""
    webcal = "webcal://" + url.partition("://")[2]
    return NewFeed(name, url, webcal, _GOOGLE + quote(webcal, safe=""))


def _row(link: FeedLinkValue, reader: Reader) -> FeedRow:
    day = wording.day_plain(wording.local_date(link.created_at, reader.zone), reader.language)
    return FeedRow(link.public_id, link.name, _shows(link.kind), _("Made on %(day)s", day=day))


def _shows(kind: str) -> str:
    return _("When my specialist is in") if kind == PRESENCE else _("My calls")
