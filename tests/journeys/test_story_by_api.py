"""The whole story by API, and everything that must be refused, with the reason."""

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
import requests

from tests.journeys.cast import MALLORY, PAVEL, VERA, Api, Cast
from tests.journeys.reading import DavUser, moment, wait_for_letters
from tests.support.ports import wait_until
from tests.support.service import RunningService

pytestmark = pytest.mark.xdist_group("journeys")

TYPE = "feature-request"
_keys = (f"api-story-{number}" for number in count())


def coming(days: int) -> str:
    """Midnight UTC that many days from now, as a query wants it."""
    return f"{datetime.now(UTC) + timedelta(days=days):%Y-%m-%d}"


def free(api: Api, call_type: str = TYPE) -> list[str]:
    """Starts that no notice reaches and no other journey takes."""
    return api.slots(call_type, coming(21), coming(50))


def wish(start: str, call_type: str = TYPE) -> dict[str, str]:
    """The body that books it."""
    return {"call_type": call_type, "start": start, "topic": "By API"}


def is_problem(answer: requests.Response, status: int) -> bool:
    """Whether it is a problem document (RFC 9457) with this status."""
    kind = answer.headers["Content-Type"]
    body = answer.json()
    return (answer.status_code, kind, body["status"]) == (status, "application/problem+json", status)


def settled(api: Api, call: str) -> dict[str, object]:
    """The booking once the calendar has answered."""
    path = f"/bookings/{call}"

    def is_quiet() -> bool:
        item = api.get(path).json()
        return item["status"] != "pending" and item["move"] is None

    wait_until(is_quiet, 30, "the calendar's answer")
    answer: dict[str, object] = api.get(path).json()
    return answer


def test_vera_books_moves_and_cancels_by_api(cast: Cast, service: RunningService, sam: DavUser) -> None:
    vera = cast.api(VERA)
    assert vera.get("/me").json()["specialist"]["name"] == "Sam Horvath"
    kinds = [kind["slug"] for kind in vera.get("/call-types").json()["call_types"]]
    assert kinds == ["product-support", "feature-training", "feature-request"]
    start, later = free(vera)[:2]
    key = next(_keys)
    made = vera.post("/bookings", wish(start), key)
    assert made.status_code == 201
    call = made.json()["id"]
    assert vera.post("/bookings", wish(start), key).json()["id"] == call
    assert is_problem(vera.post("/bookings", wish(later), key), 422)
    booked = settled(vera, call)
    assert (booked["status"], booked["start"], booked["sequence"]) == ("confirmed", start, 0)
    (event,) = [event for event in sam.own_events() if str(event.url).endswith(call)]
    assert event.dtstart == moment(start)
    assert start not in free(vera)

    assert vera.post(f"/bookings/{call}/reschedule", {"start": later}).status_code == 200
    moved = settled(vera, call)
    assert (moved["status"], moved["start"], moved["sequence"]) == ("confirmed", later, 1)
    assert start in free(vera)

    for _ in range(2):
        gone = vera.post(f"/bookings/{call}/cancel", {})
        assert (gone.status_code, gone.json()["status"]) == (200, "cancelled")
    letters = wait_for_letters(service, VERA, event.uid or "", 3)
    told = [(letter.method, letter.event.sequence) for letter in letters]
    assert told == [("REQUEST", 0), ("REQUEST", 1), ("CANCEL", 2)]
    wait_until(lambda: sam.event(event.uid or "") is None, 30, "the event to leave Sam's calendar")


def test_a_slot_that_is_gone_is_refused_with_alternatives(cast: Cast) -> None:
    vera, pavel = cast.api(VERA), cast.api(PAVEL)
    start = free(vera)[4]
    assert vera.post("/bookings", wish(start), next(_keys)).status_code == 201
    for api in (vera, pavel):
        answer = api.post("/bookings", wish(start), next(_keys))
        assert is_problem(answer, 409)
        others = [slot["start"] for slot in answer.json()["alternatives"]]
        assert len(others) >= 3
        assert start not in others
        assert set(others) <= set(free(api))


def test_what_is_no_slot_is_refused_in_words_and_nothing_is_written(cast: Cast) -> None:
    vera = cast.api(VERA)
    start = moment(free(vera)[8])
    before = vera.get("/bookings").json()
    soon = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    wrong = {
        "off the grid": start + timedelta(minutes=7),
        "outside of the window": start.replace(hour=2, minute=0),
        "in the past": start - timedelta(days=200),
        "under notice": soon,
        "behind the horizon": start + timedelta(days=300),
    }
    for name, moment_asked in wrong.items():
        answer = vera.post("/bookings", wish(moment_asked.isoformat()), next(_keys))
        assert is_problem(answer, 422), name
        assert answer.json()["reason"], name
        assert answer.json()["detail"], name
    assert vera.get("/bookings").json() == before


def test_a_time_that_only_another_specialist_has_is_refused(cast: Cast, sam: DavUser) -> None:
    vera, mallory = cast.api(VERA), cast.api(MALLORY)
    taken = {event.dtstart for event in sam.own_events()}
    offered = {moment(start) for start in free(vera)}
    only_rita = [start for start in free(mallory) if moment(start) not in offered | taken]
    assert only_rita, "the demo gives Rita times that Sam does not have"
    assert is_problem(vera.post("/bookings", wish(only_rita[0]), next(_keys)), 422)


def test_bodies_that_cannot_be_meant_are_refused(cast: Cast) -> None:
    vera = cast.api(VERA)
    start = free(vera)[9]
    assert is_problem(vera.post("/bookings", wish(start)), 400), "no Idempotency-Key"
    headers = vera.headers | {"Idempotency-Key": next(_keys), "Content-Type": "application/json"}
    broken = requests.post(f"{vera.base}/bookings", data=b'{"call_type":', headers=headers, timeout=10)
    assert is_problem(broken, 400)
    for body in ({}, wish("tomorrow"), wish(start) | {"colour": "red"}, wish(start[:-1]), []):
        assert is_problem(vera.post("/bookings", body, next(_keys)), 422), body
    long = {"call_type": TYPE, "from": coming(1), "to": coming(70)}
    assert is_problem(vera.get("/slots", **long), 422)


def test_somebody_elses_booking_does_not_exist(cast: Cast) -> None:
    vera, mallory = cast.api(VERA), cast.api(MALLORY)
    call = mallory.post("/bookings", wish(free(mallory)[0]), next(_keys)).json()["id"]
    assert is_problem(vera.get(f"/bookings/{call}"), 404)
    for verb, body in (("cancel", {}), ("reschedule", {"start": free(vera)[0]})):
        assert is_problem(vera.post(f"/bookings/{call}/{verb}", body), 404)
    page = cast.browser(VERA).get(f"{cast.service.url}/calls/{call}", timeout=10)
    assert page.status_code == 404
    assert mallory.get(f"/bookings/{call}").json()["status"] in {"pending", "confirmed"}


def test_without_a_token_there_is_nothing(cast: Cast) -> None:
    for token in ("", "none"):
        answer = Api(cast.api(VERA).base, token).get("/bookings")
        assert is_problem(answer, 401)
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
