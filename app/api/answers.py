"""Values of the services as the API's JSON."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.accounts.values import SignedIn
from app.booking.guests.values import AttendeeValue
from app.booking.offers.wish import OpenTime
from app.booking.questions import Question
from app.booking.rules import minutes
from app.booking.series.values import SeriesPlan
from app.booking.values import CallTypeValue, CallValue, OpenTimes, Share
from app.config import Settings
from app.customers.profiles import ContactProfile, SpecialistProfile
from app.customers.roster import Served
from app.lib.intervals import Interval
from app.lib.wording import rfc3339


def me_item(
    user: SignedIn,
    contact: ContactProfile | None = None,
    served: Served | None = None,
    entitled: bool | None = None,
) -> Mapping[str, Any]:
    """The owner of a token, and who serves them today."""
    stands_in = served is not None and served.by is not None and served.is_away
    return {
        "id": user.public_id,
        "name": user.name,
        "email": user.email,
        "role": user.role,
        "language": user.language,
        "time_zone": user.time_zone,
        "company": contact and {"id": contact.company_public_id, "name": contact.company_name},
        "specialist": person_item(served.person if served else None),
        "stands_in_for": person_item(served.dedicated if served and stands_in else None),
        "is_away": served is not None and served.by is None,
        "until": served.until if served and served.is_away else None,
        "is_entitled": entitled,
    }


def call_type_item(call_type: CallTypeValue, language: str) -> Mapping[str, Any]:
    """A call type, named in a language; minutes and days."""
    rules = call_type.rules
    return {
        "slug": call_type.slug,
        "name": call_type.name(language),
        "length": minutes(rules.length),
        "lengths": [minutes(length) for length in call_type.lengths],
        "ways": call_type.ways,
        "questions": [_question_item(question, language) for question in call_type.questions],
        "notice": minutes(rules.notice),
        "horizon": rules.horizon.days,
    }


def _question_item(question: Question, language: str) -> Mapping[str, Any]:
    return {
        "key": question.key,
        "kind": question.kind,
        "label": question.label(language),
        "choices": question.choices_in(language),
        "required": question.required,
    }


def span_item(span: Interval) -> dict[str, str]:
    """A stretch of time."""
    return {"start": rfc3339(span.start), "end": rfc3339(span.end)}


def person_item(person: SpecialistProfile | None) -> dict[str, str] | None:
    """Somebody on our side."""
    return None if person is None else {"id": person.public_id, "name": person.name}


def slot_list(found: OpenTimes, call_type: CallTypeValue, settings: Settings) -> dict[str, Any]:
    """The open slots, and why there are none when the calendar is closed."""
    offer = found.offer
    answer: dict[str, Any] = {
        "specialist": {"id": found.specialist.public_id, "name": found.specialist.name},
        "senior": person_item(found.senior),
        "call_type": call_type.slug,
        "length": minutes(found.rules.length),
        "time_zone": settings.service_time_zone,
        "as_of": offer.as_of and rfc3339(offer.as_of),
        "slots": [item for share in found.shares for item in _slots_of(share)],
    }
    if offer.closed:
        since = offer.closed.since
        answer["closed"] = {"reason": offer.closed.reason, "since": since and rfc3339(since)}
    return answer


def _slots_of(share: Share) -> list[dict[str, Any]]:
    whose = person_item(share.specialist)
    return [{**span_item(slot), "specialist": whose} for slot in share.offer.slots]


def near_item(time: OpenTime) -> Mapping[str, Any]:
    """A free time, and whom a call then is with."""
    return {**span_item(time.slot), "specialist": person_item(time.specialist)}


def _near(time: OpenTime) -> Mapping[str, Any]:
    """The same for an answer with a schema, which writes its moments itself."""
    return {"start": time.start, "end": time.slot.end, "specialist": person_item(time.specialist)}


def plan_item(plan: SeriesPlan) -> Mapping[str, Any]:
    """A series as it could be booked."""
    length = plan.call_type.rules.length
    return {
        "specialist": person_item(plan.specialist),
        "senior": person_item(plan.senior),
        "call_type": plan.call_type.slug,
        "length": minutes(length),
        "is_cut": plan.is_cut,
        "room": plan.room,
        "calls": [
            {
                "start": call.start,
                "end": call.start + length,
                "reason": str(call.why),
                "alternatives": [_near(time) for time in plan.wishes.open_times(call.near)],
                "specialist": person_item((plan.wishes.at(call.start) or plan).specialist),
            }
            for call in plan.calls
        ],
    }


def booking_item(
    call: CallValue, attendees: Sequence[AttendeeValue], settings: Settings
) -> Mapping[str, Any]:
    """A booking with who is invited to it."""
    return {
        "id": call.public_id,
        "reference": call.reference,
        "status": call.status,
        "call_type": call.call_type_slug,
        "start": call.start,
        "end": call.end,
        "move": call.move,
        "sequence": call.sequence,
        "topic": call.topic,
        "way": call.way,
        "phone": call.phone,
        "room_url": call.room_url,
        "specialist": {"id": call.specialist.public_id, "name": call.specialist.name},
        "attendees": [{"email": one.email, "name": one.name, "partstat": one.partstat} for one in attendees],
        "senior": person_item(call.senior),
        "created_at": call.created_at,
        "changed_at": call.changed_at,
        "confirmed_at": call.confirmed_at,
        "change_until": call.change_until,
        "move_until": call.move_until,
        "cancel_until": call.cancel_until,
        "answers": call.answers,
        "series": call.series and call.series.public_id,
        "url": f"{settings.public_url}/calls/{call.public_id}",
    }
