"""What the booking pages cost: queries a page, and bytes."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from tests.pages.client import PageClient
from tests.support.queries import QueryRecorder

Recording = Callable[[], AbstractContextManager[QueryRecorder]]
MOST_BYTES = 60 * 1024


@pytest.mark.parametrize(("path", "most"), [("/", 12), ("/book", 17), ("/calls", 5)])
def test_a_page_needs_few_queries(vera: PageClient, count_queries: Recording, path: str, most: int) -> None:
    vera.get(path)
    with count_queries() as queries:
        page = vera.get(path)
    assert len(queries) <= most, "\n".join(queries.statements)
    assert len(page.text.encode()) <= MOST_BYTES


def test_the_list_of_all_cities_keeps_to_the_budget(vera: PageClient) -> None:
    assert len(vera.get("/book", zones="all").text.encode()) <= MOST_BYTES
