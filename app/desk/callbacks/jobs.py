"""The periodic pass over callbacks that run out."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.config import Settings
from app.desk.callbacks.service_letters import tell_of_due
from app.lib.db import write


def callbacks_pass(session: Session, settings: Settings, now: datetime) -> None:
    """Warn of callbacks 15 minutes before they are due, and when they were not kept."""
    write(session, [], lambda s: tell_of_due(s, now, settings))
