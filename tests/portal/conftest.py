"""The same world and browsers as for booking."""

from tests.booking.conftest import _nobody_writes, now, pavel, vera, world

__all__ = ["_nobody_writes", "now", "pavel", "vera", "world"]
