"""The forms of booking: what was chosen and typed, checked by the same rules as the API's."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, RadioField, StringField, TextAreaField, ValidationError

from app.availability.pages import Problem
from app.booking.errors import AnswersRefused, GuestRefused, WayRefused
from app.booking.guests.values import guest_addresses
from app.booking.outcomes.notes import NOTE_LIMIT
from app.booking.questions import Question, answered
from app.booking.rules import TOPIC_LIMIT, cleaned
from app.booking.step_pages import answer_field
from app.booking.values import PHONE, VIDEO, BookingRequest, CallTypeValue
from app.lib.text import UncleanText, many_lines, one_line
from app.lib.wording import rfc3339
from app.lib.zones import is_in_reach
from app.words import answer_words, refusal_words

REASON_LIMIT = 500


def moment_of(text: str | None) -> datetime | None:
    """The moment that an RFC 3339 text means, in UTC; None when it is none."""
    try:
        moment = datetime.fromisoformat((text or "").strip())
        return moment.astimezone(UTC) if moment.tzinfo and is_in_reach(moment) else None
    except (ValueError, OverflowError):
        return None


def length_of(text: str | None) -> int | None:
    """The minutes that a form or an address asks for; None for none, and for what is no such number."""
    text = text or ""
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 5 else None


def given_answers(questions: Sequence[Question]) -> dict[str, str]:
    """What this form answers, by the questions' keys."""
    return {item.key: request.form.get(answer_field(item.key), "").strip() for item in questions}


def problems_with(wanted: BookingRequest, call_type: CallTypeValue) -> tuple[Problem, ...]:
    """What the call type has against a request: how to talk, and the answers."""
    problems = [] if wanted.way in call_type.ways else [Problem("way", refusal_words("way"))]
    try:
        answered(call_type.questions, wanted.answers, "en")
    except AnswersRefused as error:
        problems += [Problem(answer_field(key), answer_words(why)) for key, why in error.answers.items()]
    return tuple(problems)


def text_words(error: UncleanText) -> str:
    """Why a text cannot be taken."""
    match error.reason:
        case "empty":
            return _("Write something here")
        case "long":
            return _("Write at most %(limit)s characters", limit=error.limit)
    return _("Remove the control characters")


def shown_with(start: datetime) -> str:
    """The public id of who was shown to take a call at one of the starts to choose from; empty for others."""
    return request.form.get(f"specialist-{rfc3339(start)}", "")


class DetailsForm(FlaskForm):
    """The details of a new call; ``start`` is the time kept, or the one chosen in place of it."""

    hold = HiddenField()
    key = HiddenField()
    call_type = HiddenField()
    senior = HiddenField()
    specialist = HiddenField()
    start = HiddenField()
    length = HiddenField()
    topic = TextAreaField(_l("What would you like to talk about?"))
    way = RadioField(_l("How shall we talk?"), default=VIDEO, validate_choice=False)
    phone = StringField(_l("Phone number"))
    colleagues = TextAreaField(_l("Colleagues"))

    def asked(self, start: datetime, answers: Mapping[str, str]) -> BookingRequest:
        """The request that the form makes."""
        return BookingRequest(
            slug=self.call_type.data or "",
            start=start,
            topic=self.topic.data or "",
            way=PHONE if self.way.data == PHONE else VIDEO,
            phone=self.phone.data or "",
            key=self.key.data or "",
            hold=self.hold.data or None,
            length=length_of(self.length.data),
            answers=answers,
            senior=self.senior.data or "",
            specialist=shown_with(start) or self.specialist.data or "",
            client_address=request.remote_addr or "",
        )

    def validate_topic(self, field: Field) -> None:
        """A text with lines."""
        _require_clean(field.data or "", TOPIC_LIMIT)

    def validate_colleagues(self, field: Field) -> None:
        """Addresses that mail goes to."""
        try:
            guest_addresses(field.data or "")
        except GuestRefused as error:
            raise ValidationError(refusal_words(error.reason)) from error

    def validate_phone(self, field: Field) -> None:
        """A number to ring, when the call goes by phone."""
        if self.way.data != PHONE:
            return
        plain = BookingRequest("-", datetime.min.replace(tzinfo=UTC), "", PHONE, field.data or "", "-")
        try:
            cleaned(plain)
        except (UncleanText, WayRefused):
            example = "+49 30 1234567"
            words = _("Enter a phone number with country code, like %(example)s", example=example)
            raise ValidationError(words) from None


class ReasonForm(FlaskForm):
    """What a person wants to say when cancelling."""

    reason = TextAreaField()

    def ask(self, name: str) -> None:
        """Put the other side's name into the question."""
        self.reason.label.text = _("Anything %(name)s should know?", name=name)

    def validate_reason(self, field: Field) -> None:
        """One line."""
        try:
            one_line(" ".join((field.data or "").split()), REASON_LIMIT, required=False)
        except UncleanText as error:
            raise ValidationError(text_words(error)) from error


class OutcomeForm(FlaskForm):
    """What a specialist writes when a call is over."""

    note = TextAreaField(_l("Note for the customer"))
    private_note = TextAreaField(_l("Note for your side"))

    def validate_note(self, field: Field) -> None:
        """A text with lines."""
        _require_clean(field.data or "", NOTE_LIMIT)

    def validate_private_note(self, field: Field) -> None:
        """A text with lines."""
        _require_clean(field.data or "", NOTE_LIMIT)


def _require_clean(text: str, limit: int) -> None:
    try:
        many_lines(text, limit)
    except UncleanText as error:
        raise ValidationError(text_words(error)) from error


def problems_of(form: FlaskForm) -> tuple[Problem, ...]:
    """What is wrong in a form, for the summary on top."""
    return tuple(Problem(name, str(errors[0])) for name, errors in form.errors.items() if name)
