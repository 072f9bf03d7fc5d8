"""What every calendar server must do for us: one class, the same tests on all of them.

Where servers differ, a test asserts what we need and writes down what it saw (caldav_matrix.py).
"""

from tests.contract.hours import Hours
from tests.contract.looks import Looks
from tests.contract.objects import Objects
from tests.contract.reach import Reach
from tests.contract.writes import Writes


class TestCalendarServer(Objects, Writes, Looks, Hours, Reach):
    """Objects and their versions, certain writes, looks at a calendar, working hours, reaching it at all."""
