"""An open request as a line of a short list."""

from dataclasses import dataclass
from datetime import datetime

from app.desk.requests.values import RequestState


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """An open request; ``first_due_at`` is when its first answer is due while there is none.

    ``runs_out_at`` is when the clock that runs out first does, None when none runs.
    """

    conversation: str
    reference: str
    subject: str
    state: RequestState
    first_due_at: datetime | None
    runs_out_at: datetime | None
