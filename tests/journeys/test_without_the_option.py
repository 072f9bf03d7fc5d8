"""Otto, whose company has not bought the option: told kindly everywhere, by pages and by the API."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.cast import OTTO, Cast

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys")]


@pytest.mark.parametrize("path", ["/", "/book", "/book?call_type=product-support"])
def test_otto_gets_the_page_that_explains_the_option(as_person: Callable[..., Page], path: str) -> None:
    page = as_person(OTTO)
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == 403
    expect(page.locator("h1")).to_have_text("Dedicated support is not part of your plan")
    expect(page.get_by_role("link", name="Ask sales@attache.example")).to_be_visible()
    assert "Sam" not in page.content()
    assert "Rita" not in page.content()


def test_the_api_tells_otto_the_same(cast: Cast) -> None:
    otto = cast.api(OTTO)
    assert otto.get("/me").json()["is_entitled"] is False
    listing = otto.get("/slots", **{"call_type": "product-support", "from": "2027-01-01", "to": "2027-01-08"})
    wish = {"call_type": "product-support", "start": "2027-01-04T10:00:00Z", "topic": ""}
    for answer in (listing, otto.post("/bookings", wish, key="otto-1")):
        assert answer.status_code == 403
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["code"] == "not_entitled"
        assert "option" in answer.json()["detail"]
