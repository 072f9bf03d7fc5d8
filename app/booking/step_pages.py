"""The pages between choosing a time and having it: the details of a new call, and a move side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from app.availability.pages import Problem
from app.booking.choices import QuestionField
from app.booking.in_words import Reader, length_field, length_name, person, when
from app.booking.offers.lengths_page import begins, length_options
from app.booking.offers.times_page import alternatives
from app.booking.offers.wish import OpenTime
from app.booking.pages import DetailsPage, MoveConfirmPage
from app.booking.questions import CHOICE
from app.booking.values import CallTypeValue, CallValue
from app.customers.profiles import SpecialistProfile
from app.lib import wording
from app.lib.intervals import Interval


@dataclass(frozen=True, slots=True)
class Choice:
    """A chosen time and what has become of it; ``near`` are the nearest free times when it is gone.

    ``answers`` are what was typed so far, by the questions' keys. With ``asks_length`` its end is not known.
    """

    span: Interval
    key: str
    state: Literal["held", "taken", "expired"] = "held"
    near: Sequence[OpenTime] = ()
    problems: tuple[Problem, ...] = ()
    hold: str = ""
    kept_until: datetime | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    asks_length: bool = False


def details_page(
    choice: Choice,
    reader: Reader,
    now: datetime,
    *,
    specialist: SpecialistProfile,
    call_type: CallTypeValue,
    email: str,
    all_times_url: str,
    repeat_url: str = "",
    senior: SpecialistProfile | None = None,
) -> DetailsPage:
    """The last step before a call is booked."""
    time, length = when(choice.span, reader), length_name(choice.span.length)
    if choice.asks_length:
        time, length = begins(time, choice.span.start, reader), ""
    return DetailsPage(
        hold=choice.hold,
        key=choice.key,
        slug=call_type.slug,
        when=time,
        specialist=person(specialist, reader, now),
        specialist_id=specialist.public_id,
        call_type=call_type.name(reader.language),
        length=length,
        email=email,
        all_times_url=all_times_url,
        state=choice.state,
        alternatives=alternatives(choice.near, specialist, reader),
        problems=choice.problems,
        kept_until=wording.clock(choice.kept_until, reader.zone) if choice.kept_until else "",
        senior=senior.name if senior else "",
        minutes=length_field(call_type),
        ways=call_type.ways,
        questions=question_fields(call_type, choice.answers, choice.problems, reader),
        repeat_url=repeat_url,
        lengths=length_options(call_type) if choice.asks_length else (),
    )


def answer_field(key: str) -> str:
    """The name of the field that answers a question."""
    return f"answer-{key}"


def question_fields(
    call_type: CallTypeValue, answers: Mapping[str, str], problems: Sequence[Problem], reader: Reader
) -> tuple[QuestionField, ...]:
    """The call type's questions as fields, with what was answered and what is wrong with it."""
    told = {problem.field: problem.text for problem in problems}
    return tuple(
        QuestionField(
            id=answer_field(question.key),
            label=question.label(reader.language),
            choices=question.choices_in(reader.language) if question.kind == CHOICE else (),
            required=question.required,
            value=answers.get(question.key, ""),
            problem=told.get(answer_field(question.key), ""),
        )
        for question in call_type.questions
    )


def move_page(
    choice: Choice,
    reader: Reader,
    now: datetime,
    *,
    call: CallValue,
    all_times_url: str,
    senior: SpecialistProfile | None = None,
) -> MoveConfirmPage:
    """Old and new time side by side."""
    return MoveConfirmPage(
        id=call.public_id,
        hold=choice.hold,
        key=choice.key,
        name=call.call_type_name(reader.language),
        old=when(call.span, reader),
        new=when(choice.span, reader),
        specialist=person(call.specialist, reader, now),
        all_times_url=all_times_url,
        state=choice.state,
        alternatives=alternatives(choice.near, call.specialist, reader),
        problems=choice.problems,
        senior=senior.public_id if senior else "",
        senior_name=senior.name if senior else "",
    )
