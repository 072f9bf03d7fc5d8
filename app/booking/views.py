"""The booking pages, put together: each import adds its routes to the one blueprint."""

from app.booking.answers import views as answers
from app.booking.calls import views as calls
from app.booking.following import views as following
from app.booking.guests import views as guests
from app.booking.moves import views as moves
from app.booking.outcomes import views as outcomes
from app.booking.seniors import views as seniors
from app.booking.series import views as series
from app.booking.shared.views import blueprint
from app.booking.standins import views as standins
from app.booking.steps import views as steps
from app.booking.waiting import views as waiting

__all__ = [
    "answers",
    "blueprint",
    "calls",
    "following",
    "guests",
    "moves",
    "outcomes",
    "seniors",
    "series",
    "standins",
    "steps",
    "waiting",
]
