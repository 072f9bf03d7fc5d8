"""Calls in time off pass to whoever stands in; a page says how it goes with each."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from flask import Flask

from app.booking.models_kept import KeptCall
from app.booking.values import CallValue
from app.lib.intervals import Interval
from app.lib.wording import local_date
from tests.booking.core.office import two_starts
from tests.booking.reassigning.crew import RITAS, Crew
from tests.booking.standins.away import ZONE, goes_on_leave, stands_in
from tests.pages.client import PageClient
from tests.support.queries import QueryRecorder
from tests.world import Member

Recording = Callable[[], AbstractContextManager[QueryRecorder]]
UNDECIDED = "is to be decided"


def leave(crew: Crew, start: datetime, usual: Member | None) -> None:
    """Sam is away on the day of that start."""
    day = local_date(start, ZONE)
    stands_in(crew.session, usual, crew.world.sam)
    goes_on_leave(crew.session, crew.world.sam, day, day)


def press(sam: PageClient, call: CallValue) -> None:
    """Sam has the call moved to whom the page names."""
    (form,) = sam.get("/time-off").forms(f"/time-off/calls/{call.public_id}/move")
    address, page = sam.follow(form.get("action"), to=form.fields["to"])
    assert address == "/time-off" and UNDECIDED not in page.words
    assert "passes to Rita Weiss as soon as the calendar has it" in page.words


def test_a_call_in_time_off_passes_to_the_stand_in_with_one_mail_to_the_customer(
    crew: Crew, app: Flask
) -> None:
    start, _ = two_starts(crew)
    call = crew.booked(start)
    leave(crew, start, crew.world.rita)
    sam = PageClient(app, crew.world.sam)
    press(sam, call)
    assert crew.call_now(call).specialist.name == "Sam Horvath" and crew.kinds() == []
    crew.work(call)
    assert crew.times() == {"sam": [], "rita": [start]}
    assert sorted(crew.kinds()) == ["handed_on sam", "taken_over rita", "taken_over vera"]
    assert call.public_id not in sam.get("/time-off").text
    assert crew.session.query(KeptCall).count() == 0


def test_a_stand_in_who_turns_out_not_to_be_free_leaves_the_call_to_be_decided(
    crew: Crew, app: Flask
) -> None:
    start, _ = two_starts(crew)
    call = crew.booked(start)
    leave(crew, start, crew.world.rita)
    sam = PageClient(app, crew.world.sam)
    press(sam, call)
    crew.appoint_rita(Interval(start, start + timedelta(hours=1)))
    crew.work(call)
    page = sam.get("/time-off")
    assert UNDECIDED in page.words and crew.kinds() == []
    assert "It did not pass to Rita Weiss, who turned out not to be free then." in page.words
    crew.radicale.delete(f"{RITAS}doctor.ics")
    crew.look_at_both()
    press(sam, call)


def test_a_stand_in_who_is_not_free_is_not_asked_and_what_is_possible_is_offered(
    crew: Crew, app: Flask
) -> None:
    start, _ = two_starts(crew)
    call = crew.booked(start)
    leave(crew, start, crew.world.rita)
    sam = PageClient(app, crew.world.sam)
    (form,) = sam.get("/time-off").forms(f"/time-off/calls/{call.public_id}/move")
    crew.appoint_rita(Interval(start, start + timedelta(hours=1)))
    crew.look_at_both()
    page = sam.post(form.get("action"), 422, to=form.fields["to"])
    assert "Rita Weiss is not free at that time." in sam.get("/time-off").words
    assert not sam.get("/time-off").forms(form.get("action"))
    assert "Rita Weiss is not free at that time." in page.words and UNDECIDED in page.words
    assert page.forms(f"/time-off/calls/{call.public_id}/keep")
    offered = {f"/calls/{call.public_id}/{what}" for what in ("move", "cancel")}
    assert offered <= set(page.links())
    assert crew.call_now(call).successor_id is None and set(crew.taken()) == {"sam"}


def test_nobody_gets_a_call_whom_the_page_did_not_name(crew: Crew, app: Flask) -> None:
    start, _ = two_starts(crew)
    call = crew.booked(start)
    leave(crew, start, crew.world.rita)
    sam, path = PageClient(app, crew.world.sam), f"/time-off/calls/{call.public_id}/move"
    page = sam.post(path, 409, to=crew.world.lev.profile.public_id)
    assert "Who stands in has changed" in page.words
    stands_in(crew.session, None, crew.world.sam)
    assert not sam.get("/time-off").forms(path)
    sam.post(path, 409, to=crew.world.rita.profile.public_id)
    for other in (crew.world.rita, crew.world.vera):
        PageClient(app, other).post(path, 404, to=crew.world.rita.profile.public_id)
    assert crew.call_now(call).successor_id is None


def test_the_page_costs_the_same_whatever_the_number_of_calls(
    crew: Crew, app: Flask, count_queries: Recording
) -> None:
    start, later = two_starts(crew)
    crew.connect("lev", crew.world.lev)
    for at in (start, later + timedelta(days=7)):
        crew.booked(at)
    leave(crew, start, crew.world.rita)
    day = local_date(later + timedelta(days=7), ZONE)
    goes_on_leave(crew.session, crew.world.sam, day, day, named=crew.world.lev)
    ada = PageClient(app, crew.world.ada)
    ada.get("/time-off")
    with count_queries() as queries:
        page = ada.get("/time-off")
    assert len(queries) <= 12, "\n".join(queries.statements)
    assert [button for button in ("Move to Rita", "Move to Lev") if button not in page.words] == []


def test_whoever_booked_a_call_that_is_kept_is_told_once_by_a_mail_without_an_invitation(
    crew: Crew, app: Flask
) -> None:
    start, _ = two_starts(crew)
    call = crew.booked(start)
    leave(crew, start, crew.world.rita)
    sam = PageClient(app, crew.world.sam)
    # Even while it is passing to the stand-in, which ends with it.
    press(sam, call)
    for _ in range(2):
        sam.follow(f"/time-off/calls/{call.public_id}/keep")
    crew.work(call)
    assert crew.times() == {"sam": [start], "rita": []}
    ((key, mail),) = crew.mails()
    assert key.startswith("0:kept:") and mail["To"].addresses[0].username == "vera"
    text = mail.get_body(("plain",)).get_content()
    assert "Sam Horvath stays as booked" in text and "They are away that day" in text
    assert not [part for part in mail.walk() if part.get_content_type() == "text/calendar"]


def test_of_what_is_decided_on_pages_that_were_open_before_the_last_counts(crew: Crew, app: Flask) -> None:
    start, _ = two_starts(crew)
    call = crew.booked(start)
    leave(crew, start, crew.world.rita)
    sam = PageClient(app, crew.world.sam)
    (form,) = sam.get("/time-off").forms(f"/time-off/calls/{call.public_id}/move")
    sam.follow(f"/time-off/calls/{call.public_id}/keep")
    sam.follow(form.get("action"), to=form.fields["to"])
    assert crew.call_now(call).successor_id == crew.world.rita.id
    sam.follow(f"/time-off/calls/{call.public_id}/keep")
    assert crew.call_now(call).successor_id is None
    crew.work(call)
    assert crew.times() == {"sam": [start], "rita": []} and crew.kinds() == ["kept vera"]
