"""Who serves a company, in the administrator's words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _

from app.admin.serving.pages import PersonChoice, ServingLine, ServingPage
from app.booking.handover.hand_over_page import stage_words
from app.booking.handover.values import HandOverValue
from app.customers.assignments.values import AssignmentValue, CompanyFacts, current
from app.customers.profiles import SpecialistProfile
from app.lib import wording

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Typed:
    """What was sent with a form that could not be taken."""

    person: str = ""
    day: str = ""
    note: str = ""


def serving_page(
    company: CompanyFacts,
    assignments: Sequence[AssignmentValue],
    people: Sequence[SpecialistProfile],
    under_way: HandOverValue | None,
    today: date,
    language: str,
    *,
    typed: Typed | None = None,
    problem: str = "",
) -> ServingPage:
    """The page on a day of the service zone; ``under_way`` is the hand-over that is not done yet."""
    sent = typed or Typed()
    serving = current(assignments, today)
    form = "first" if serving is None else "hand_over"
    first_day = today if serving is None else today + _DAY
    others = [one for one in people if serving is None or one.user_id != serving.specialist_id]
    return ServingPage(
        id=company.public_id,
        company=company.name,
        lines=tuple(_lines(assignments, today, language)),
        people=tuple(PersonChoice(one.public_id, one.name, one.public_id == sent.person) for one in others),
        form="" if under_way else form,
        first_day=first_day.isoformat(),
        day=sent.day or first_day.isoformat(),
        note=sent.note,
        hand_over_id=under_way.public_id if under_way else "",
        hand_over=in_words(under_way, language) if under_way else "",
        problem=problem,
    )


def _lines(assignments: Sequence[AssignmentValue], today: date, language: str) -> list[ServingLine]:
    serving = current(assignments, today)
    followers = [*assignments[1:], None][: len(assignments)]
    return [
        ServingLine(
            name=item.name,
            since=_day(item.starts_on, language),
            until=_day(following.starts_on - _DAY, language) if following else "",
            is_now=item == serving,
            take_back=item.starts_on.isoformat() if _can_go(item, today) else "",
        )
        for item, following in zip(assignments, followers, strict=True)
    ]


def _can_go(item: AssignmentValue, today: date) -> bool:
    return item.starts_on > today and not item.is_handed_over


def _day(day: date, language: str) -> str:
    return f"{wording.day_plain(day, language)} {day.year}"


def in_words(under_way: HandOverValue, language: str) -> str:
    """To whom and when a company passes, and how far that is."""
    names = {"name": under_way.coming.name, "day": wording.day_plain(under_way.starts_on, language)}
    text = _("Hand-over to %(name)s on %(day)s", **names)
    return f"{text}: {stage_words(under_way.stage)}"
