"""What a worker tells of itself."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.lib.db import Base


class Heartbeat(Base):
    """When a worker was last alive; ``/readyz`` and the sweep of dead executors read it."""

    __tablename__ = "heartbeat"

    executor_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    seen_at: Mapped[datetime]
