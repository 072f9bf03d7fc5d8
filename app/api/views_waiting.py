"""The waiting list by the API: places, joining and leaving; an offer is taken by booking or moving there."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from flask_smorest.blueprint import Blueprint
from sqlalchemy.orm import Session

from app.accounts.guards import current_settings
from app.accounts.guards_limits import limited
from app.accounts.rights import Right
from app.api import schemas_waiting as schemas
from app.api.answers import person_item
from app.api.guards import BodyParser, api_user, bearer
from app.booking import service as booking
from app.booking.waiting import service
from app.booking.waiting.line import PlaceNow, State
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


def _item(stands: PlaceNow) -> Mapping[str, Any]:
    place, has_offer = stands.place, stands.state is State.OFFERED
    return {
        "id": place.public_id,
        "state": "offered" if has_offer else "waiting",
        "call_type": place.call_type_slug,
        "booking": stands.moving and stands.moving.public_id,
        "first_day": place.first_day,
        "last_day": place.last_day,
        "specialist": stands.specialist_name,
        "offer": _offer(stands) if has_offer else None,
        "offer_until": place.offer_expires_at if has_offer else None,
        "created_at": place.created_at,
        "url": f"{current_settings().public_url}/waiting/{place.public_id}",
    }


def _offer(stands: PlaceNow) -> Mapping[str, Any] | None:
    offer = stands.place.offer
    whose = person_item(stands.taken_by)
    return None if offer is None else {"start": offer.start, "end": offer.end, "specialist": whose}


@blueprint.get("")
@bearer(Right.SEE_TIMES)
@blueprint.response(200, schemas.PlaceList, content_type="application/json")
def places() -> Mapping[str, Any]:
    """The places that wait or have an offer."""
    now, user = clock.now(), api_user()
    calls = booking.calls_of(db.session(), now, user, when="coming")
    found = service.places_of(db.session(), now, current_settings(), user.id, calls)
    return {"places": [_item(item) for item in found]}


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
    return _item(service.stands(db.session(), clock.now(), settings, user.id, place.public_id))


@blueprint.delete("/<public_id>")
@bearer(Right.BOOK)
@blueprint.response(204)
def leave(public_id: str) -> None:
    """Give up a place; repeated, it answers the same."""
    user = api_user()
    _writing(lambda session, now: service.leave(session, now, user, public_id))
