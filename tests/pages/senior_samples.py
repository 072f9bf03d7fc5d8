"""Contexts for the pages of calls that a senior takes part in."""

from collections.abc import Iterator
from dataclasses import replace

from app.booking.seniors.pages import SeniorPage
from tests.pages.booking_samples import BOOKING, WEEK
from tests.pages.shared_samples import SAM, WHEN, Sample

LEV = replace(SAM, name="Lev Orlov", first_name="Lev", initials="LO", role="Senior support engineer")


def senior_samples() -> Iterator[Sample]:
    both = replace(WEEK, senior=LEV, asks_senior="1", senior_url="/book")
    yield "book-with-senior", "booking/week.html", {"page": both}
    both = {"with_name": "Sam Okafor and Lev Orlov (senior)", "with_detail": ""}
    yield "with-senior", "booking/booking.html", {"page": replace(BOOKING, **both)}
    mine = replace(BOOKING, viewer="specialist", team="Sam Okafor and Lev Orlov (senior)", senior="drop")
    yield "with-senior-for-sam", "booking/booking.html", {"page": mine}
    for state in ("free", "busy", "none", "part", "me"):
        who, url = (None if state == "none" else LEV), "/calls/b1/move" if state == "busy" else ""
        page = SeniorPage("b1", state, WHEN, "Sam", who, "lev", url)  # type: ignore[arg-type]
        yield f"senior-{state}", "booking/senior.html", {"page": page}
