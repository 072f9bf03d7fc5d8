"""Companies that somebody has to look at, in words."""

from collections.abc import Sequence

from flask_babel import gettext as _

from app.admin.pages import ConcernList
from app.customers.attention.values import AWAY, ENDING, NOBODY, Concern
from app.lib import wording


def concern_lists(concerns: Sequence[Concern], language: str) -> tuple[ConcernList, ...]:
    """One list for each kind of concern that there is."""
    titles = {
        NOBODY: _("Companies without a specialist"),
        AWAY: _("Specialist away, nobody stands in"),
        ENDING: _("Option ends in the next 30 days"),
    }
    lists = []
    for kind, title in titles.items():
        found = [item for item in concerns if item.kind == kind]
        if found:
            others = found[0].count - len(found)
            more = _("and %(count)s more", count=others) if others > 0 else ""
            lists.append(ConcernList(title, tuple(_line(item, language) for item in found), more))
    return tuple(lists)


def _line(item: Concern, language: str) -> str:
    day = wording.day_plain(item.day, language) if item.day else ""
    if item.kind == AWAY and not day:
        return _("%(company)s: the account of %(name)s is closed", company=item.company, name=item.specialist)
    if item.kind == AWAY:
        return _(
            "%(company)s: %(name)s is away until %(day)s", company=item.company, name=item.specialist, day=day
        )
    return f"{item.company}, {day}" if day else item.company
