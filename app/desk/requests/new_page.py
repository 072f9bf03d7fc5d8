"""Choosing a severity, with what is promised for each before anything is sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from app.availability.pages import Problem
from app.booking.in_words import Reader
from app.desk.requests.clock_page import first_answer_by, moment, next_step_by
from app.desk.requests.severity_page import SEVERITIES, severity_words
from app.desk.requests.values import CALL_SENIOR
from app.desk.sla import Policy, targets


@dataclass(frozen=True, slots=True)
class SeverityCard:
    """A severity to choose: plain words, examples, and by when what happens if it is sent now."""

    number: int
    name: str
    meaning: str
    examples: str
    promise: str
    senior: str


@dataclass(frozen=True, slots=True)
class NewPage:
    """The form: its cards, what is wrong in it, and why files cannot be taken."""

    cards: tuple[SeverityCard, ...]
    problems: tuple[Problem, ...] = ()
    file_problem: str = ""


def severity_cards(policy: Policy, now: datetime, reader: Reader) -> tuple[SeverityCard, ...]:
    """All severities, the worst first."""
    return tuple(_card(number, policy, now, reader) for number in SEVERITIES)


def new_page(
    policy: Policy, now: datetime, reader: Reader, problems: Sequence[Problem] = (), file_problem: str = ""
) -> NewPage:
    """The form as it stands."""
    files = (Problem("files", file_problem),) if file_problem else ()
    return NewPage(severity_cards(policy, now, reader), (*problems, *files), file_problem)


def _card(number: int, policy: Policy, now: datetime, reader: Reader) -> SeverityCard:
    words, due = severity_words(number), targets(policy, number, now)
    first = first_answer_by(moment(due.first_response, reader, now))
    then = (
        next_step_by(moment(due.next_step, reader, now))
        if due.next_step
        else _("After that we keep you informed")
    )
    senior = _("A senior engineer is called in by itself, at night too.") if number in CALL_SENIOR else ""
    return SeverityCard(number, words.name, words.meaning, words.examples, f"{first}. {then}.", senior)
