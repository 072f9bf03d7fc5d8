"""The page of who is on call, in the reader's words, and what its form asks for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from app.admin.settings.pages import Input
from app.customers.profiles import SpecialistProfile
from app.desk.escalations.escalation_page import week_words
from app.desk.escalations.on_call import Plan, gaps, repeated


@dataclass(frozen=True, slots=True)
class OnCallPage:
    """The weeks ahead, each with a choice of seniors; ``gap`` says how many have nobody."""

    inputs: tuple[Input, ...]
    gap: str
    outcome: str


def on_call_page(
    plan: Plan, seniors: Sequence[SpecialistProfile], language: str, *, is_saved: bool
) -> OnCallPage:
    """The page; without seniors it has no weeks."""
    choices = (("", _("Nobody")), *((one.public_id, one.name) for one in seniors))
    known, missing = {one.user_id: one.public_id for one in seniors}, len(gaps(plan))
    inputs = (
        Input(field_of(monday), week_words(monday, language), _chosen(known, who), "choice", choices=choices)
        for monday, who in sorted(plan.items())
    )
    return OnCallPage(
        inputs=tuple(inputs) if seniors else (),
        gap=ngettext(
            "Nobody is on call in %(num)s week: seniors are asked by name then.",
            "Nobody is on call in %(num)s weeks: seniors are asked by name then.",
            missing,
        )
        if missing and seniors
        else "",
        outcome=_("Saved.") if is_saved else "",
    )


def typed_plan(
    form: Mapping[str, str], mondays: Sequence[date], seniors: Sequence[SpecialistProfile]
) -> dict[date, int | None]:
    """The weeks as typed; with ``repeat`` the first of them, up to the first empty one, in turn for all."""
    known = {one.public_id: one.user_id for one in seniors}
    typed = [known.get(form.get(field_of(monday), "")) for monday in mondays]
    return dict(zip(mondays, repeated(typed) if "repeat" in form else typed, strict=True))


def field_of(monday: date) -> str:
    """The name of a week's field."""
    return f"week-{monday.isoformat()}"


def _chosen(known: Mapping[int, str], senior_id: int | None) -> str:
    return "" if senior_id is None else known.get(senior_id, "")
