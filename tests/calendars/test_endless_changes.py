"""A server whose list of changes has no end costs little memory."""

from datetime import UTC, datetime

import pytest

from app.calendars.errors import BadAnswer
from app.calendars.syncing.looking import Mark
from app.calendars.syncing.reading import read_calendar
from app.calendars.values import Listing, SyncPage
from tests.fakes.calendar_server import FakeCalendarServer

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
HREF = "/sam/work/"


class Endless(FakeCalendarServer):
    """Cuts every page of changes and promises more."""

    def __init__(self) -> None:
        super().__init__()
        self.pages = 0

    def sync(self, href: str, token: str) -> SyncPage:
        self.pages += 1
        changed = tuple((f"{href}{self.pages}-{n}-{'x' * 400}.ics", '"1"') for n in range(5000))
        return SyncPage(changed, (), str(self.pages), True)

    def etags(self, href: str) -> Listing:
        return Listing({}, True, None, None)


class Nothing:
    def count(self) -> int:
        return 0

    def all(self) -> dict[str, str]:
        return {}

    def of(self, _hrefs: object) -> dict[str, str]:
        return {}


@pytest.mark.parametrize("mark", [Mark("0", None, NOW), Mark(None, None, None)], ids=["later", "at first"])
def test_an_endless_list_of_changes_is_given_up_for_a_full_comparison(mark: Mark) -> None:
    server = Endless()
    reading = read_calendar(server, HREF, mark, Nothing(), NOW)
    # 16 MiB, of which each page of 5,000 takes three, at most twice.
    assert server.pages <= 12
    assert (reading.fetch, reading.mark.token) == ((), None)


def test_pages_without_content_end_as_well() -> None:
    class Empty(Endless):
        def sync(self, href: str, token: str) -> SyncPage:
            self.pages += 1
            return SyncPage((), (), str(self.pages), True)

    with pytest.raises(BadAnswer):
        read_calendar(Empty(), HREF, Mark("0", None, NOW), Nothing(), NOW)
