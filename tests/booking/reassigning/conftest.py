"""Two specialists with calendars on a real server, or in the replica alone."""

import pytest
from sqlalchemy.orm import Session

from app.config import Settings
from tests.booking.core.conftest import desk, world
from tests.booking.core.office import open_office
from tests.booking.reassigning.crew import Crew, open_crew
from tests.support.radicale import Radicale

__all__ = ["desk", "world"]


@pytest.fixture
def crew(session: Session, settings: Settings, radicale: Radicale) -> Crew:
    """Sam's and Rita's calendars on a real server, at the present time."""
    return open_crew(open_office(session, settings, radicale))
