"""The editor of time off names a stand-in, and the calendar says so."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from app.accounts.models import User
from app.availability.time_off.jobs import time_off_pass
from app.customers.models import TimeOff
from app.lib import clock
from app.lib.db import db
from tests.availability.test_views import sam, work, world  # noqa: F401
from tests.pages.client import PageClient


def test_time_off_names_its_stand_in_in_the_calendar(
    app: Flask,
    sam: PageClient,  # noqa: F811
) -> None:
    options = sam.get("/hours").tree.findall(".//select[@name='stand_in']/option")
    choices = {item.text_content(): item.get("value") for item in options}
    assert choices["The usual one: Rita Weiss"] == ""
    first = (clock.now().date() + timedelta(days=10)).isoformat()
    sam.send("/hours/time-off", title="Leave", first_day=first, stand_in=choices["Rita Weiss"])
    work(app)
    with app.app_context():
        time_off_pass(db.session(), app.extensions["attache"], clock.now())
        [name] = db.session.scalars(select(User.name).join(TimeOff, TimeOff.stand_in_id == User.id))
    assert name == "Rita Weiss"
