"""Tidies up files that nobody took in."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.config import Settings
from app.customers.files.service import forget_files
from app.lib.db import write


def tidy(session: Session, _settings: Settings, now: datetime) -> None:
    """The periodic pass that forgets files a day after they were sent."""
    write(session, [], lambda s: forget_files(s, now))
