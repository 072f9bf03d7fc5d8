"""Two specialists with calendars on a real server, or in the replica alone."""

from tests.booking.core.conftest import desk, world
from tests.booking.reassigning.conftest import crew

__all__ = ["crew", "desk", "world"]
