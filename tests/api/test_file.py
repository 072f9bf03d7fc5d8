"""A booking as a calendar file, over the API."""

import icalendar
from flask import Flask
from sqlalchemy import update

from app.booking.models import Booking
from app.lib import clock
from app.lib.db import db
from tests.api.conftest import ApiClient, api_client
from tests.world import World


def test_a_confirmed_booking_is_a_file_for_those_who_take_part(
    app: Flask, vera: ApiClient, pavel: ApiClient, world: World
) -> None:
    body = {"call_type": "product-support", "start": vera.slots()[3]["start"], "topic": "Import"}
    booking = vera.post("/bookings", body, key="one").get_json()
    path = f"/bookings/{booking['id']}.ics"
    assert vera.get(path).status_code == 404
    with app.app_context():
        db.session.execute(update(Booking).values(status="confirmed", confirmed_at=clock.now()))
        db.session.commit()
    answer = vera.get(path)
    assert (answer.status_code, answer.content_type) == (200, "text/calendar; charset=utf-8")
    (event,) = icalendar.Calendar.from_ical(answer.get_data(as_text=True)).walk("VEVENT")
    assert f"{event.start:%Y-%m-%dT%H:%M:%SZ}" == booking["start"] and "Sam Horvath" in event["SUMMARY"]
    seen = api_client(app, world.sam.email).get(path).get_data(as_text=True)
    assert "Vera Lindqvist" in seen
    refused = pavel.get(path)
    assert (refused.status_code, refused.content_type) == (404, "application/problem+json")
