"""Handing over all companies of one specialist, in the administrator's words."""

from collections.abc import Sequence
from datetime import date, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from app.admin.serving.pages import HandOverAllPage, PassingLine, PersonChoice
from app.admin.serving.serving_page import Typed, in_words
from app.booking.handover.values import HandOverValue
from app.customers.people.values import PersonDetail
from app.customers.profiles import SpecialistProfile

_NAMED = 20
_DAY = timedelta(days=1)


def hand_over_all_page(
    person: PersonDetail,
    companies: Sequence[tuple[str, str]],
    under_way: Sequence[HandOverValue],
    people: Sequence[SpecialistProfile],
    today: date,
    language: str,
    *,
    typed: Typed,
    problem: str = "",
    planned: int = 0,
) -> HandOverAllPage:
    """The page; ``companies`` are public ids and names of all that they serve on ``today``."""
    passing = {item.company_public_id for item in under_way}
    left = [name for number, name in companies if number not in passing]
    first_day = (today + _DAY).isoformat()
    return HandOverAllPage(
        id=person.public_id,
        name=person.name,
        companies=tuple(left[:_NAMED]),
        more=max(0, len(left) - _NAMED),
        under_way=tuple(
            PassingLine(item.public_id, item.company_name, in_words(item, language)) for item in under_way
        ),
        people=tuple(
            PersonChoice(one.public_id, one.name, one.public_id == typed.person)
            for one in people
            if one.user_id != person.user_id
        ),
        first_day=first_day,
        day=typed.day or first_day,
        note=typed.note,
        problem=problem,
        planned=_planned(planned),
    )


def _planned(count: int) -> str:
    if not count:
        return ""
    done = ngettext("%(num)s hand-over is planned.", "%(num)s hand-overs are planned.", count)
    asked = _("Whoever takes over was asked by e-mail to confirm.")
    return f"{done} {asked}"
