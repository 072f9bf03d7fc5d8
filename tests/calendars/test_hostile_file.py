"""What a calendar file may cost at most."""

import tracemalloc
from collections.abc import Callable

from app.calendars.server.client_file import fetch_file, retry_after
from app.config import Settings
from tests.calendars.odd_server import Told, odd_server
from tests.calendars.world import ics

_SIZE = 2 << 20


def test_one_odd_character_makes_no_file_ten_times_as_large(allowing: Callable[..., Settings]) -> None:
    # Python keeps a text with one such character at four bytes each, and so every copy of it.
    text = ics("a", "20261124T090000Z", "20261124T100000Z", "X-LONG:\U0001f600" + "x" * _SIZE)
    with odd_server() as server:
        server.answers["/a.ics"] = Told(200, text)
        settings = allowing(server)
        tracemalloc.start()
        try:
            assert fetch_file(settings, f"{server.url}/a.ics").text == text
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    # Twice the bytes as they come, twice those of the server in this process, once the text.
    assert peak < 8.5 * _SIZE


def test_digits_that_are_no_number_are_no_pause() -> None:
    assert retry_after({"Retry-After": "\u00b2"}) is None
