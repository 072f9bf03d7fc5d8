"""The cast with open calendars, as programs and as browsers."""

import pytest

from tests.api.conftest import mallory as mallory_api
from tests.api.conftest import pavel as pavel_api
from tests.api.conftest import vera as vera_api
from tests.booking.conftest import _nobody_writes, now, vera, world

__all__ = ["_nobody_writes", "mallory_api", "now", "pavel_api", "vera", "vera_api", "world"]


@pytest.fixture(autouse=True)
def _nobody_works(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a worker nothing changes while the API waits: one look is enough."""
    monkeypatch.setattr("app.api.views.watch", lambda look: look())
