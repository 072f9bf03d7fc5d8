"""The waiting list by the API: places, joining and leaving; an offer is taken by booking or moving there."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from flask_smorest.blueprint import Blueprint
from sqlalchemy.orm import Session

from app.accounts.guards import current_settings
from app.accounts.guards_limits import limited
from app.accounts.rights import Right
from app.api import schemas_waiting as schemas
from app.api.guards import BodyParser, api_user, bearer
from app.booking import service as booking
from app.booking.values import CallValue
from app.booking.waiting import service
from app.booking.waiting.line import Place, is_offered
from app.lib import clock
from app.lib.db import db, write
from app.lib.rates import BOOKINGS

blueprint = Blueprint("waiting_list", __name__, url_prefix="/api/v1/waiting-list")
blueprint.ARGUMENTS_PARSER = BodyParser()
T = TypeVar("T")


def _writing(work: Callable[[Session, datetime], T], call: str = "") -> T:
    now, user = clock.now(), api_user()
    people = booking.people_to_lock(db.session(), now, user.id, call)
    return write(db.session(), people, lambda session: work(session, now))


def _coming() -> list[CallValue]:
    return booking.calls_of(db.session(), clock.now(), api_user(), when="coming")


def _item(place: Place, calls: Sequence[CallValue]) -> Mapping[str, Any]:
    has_offer = is_offered(place, clock.now())
    return {
        "id": place.public_id,
        "state": "offered" if has_offer else "waiting",
        "call_type": place.call_type_slug,
        "booking": next((call.public_id for call in calls if call.id == place.moving_id), None),
        "first_day": place.first_day,
        "last_day": place.last_day,
        "specialist": place.specialist_name,
        "offer": _offer(place) if has_offer else None,
        "offer_until": place.offer_expires_at if has_offer else None,
        "created_at": place.created_at,
        "url": f"{current_settings().public_url}/waiting/{place.public_id}",
    }


def _offer(place: Place) -> Mapping[str, Any] | None:
    whose = {"id": place.specialist_public_id, "name": place.specialist_name}
    if place.offer is None:
        return None
    return {"start": place.offer.start, "end": place.offer.end, "specialist": whose}


@blueprint.get("")
@bearer(Right.SEE_TIMES)
@blueprint.response(200, schemas.PlaceList, content_type="application/json")
def places() -> Mapping[str, Any]:
    """The places that wait or have an offer."""
    calls = _coming()
    found = service.places_of(db.session(), clock.now(), current_settings(), api_user().id, calls)
    return {"places": [_item(place, calls) for place in found]}


@blueprint.post("")
@bearer(Right.BOOK)
@limited(BOOKINGS, api_user)
@blueprint.arguments(schemas.PlaceBody)
@blueprint.response(201, schemas.PlaceItem, content_type="application/json")
def join(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Take a place; one for the same with overlapping days is changed instead."""
    user, settings = api_user(), current_settings()
    wanted = service.Wanted(body["call_type"], body["first_day"], body["last_day"], body["booking"])
    place = _writing(lambda session, now: service.join(session, now, settings, user, wanted), wanted.moving)
    return _item(place, _coming())


@blueprint.delete("/<public_id>")
@bearer(Right.BOOK)
@blueprint.response(204)
def leave(public_id: str) -> None:
    """Give up a place; repeated, it answers the same."""
    user = api_user()
    _writing(lambda session, now: service.leave(session, now, user, public_id))
