"""What can stand between a contact and a call."""

from collections.abc import Mapping, Sequence

from app.customers.profiles import SpecialistProfile
from app.lib.errors import DomainError


class CannotChange(DomainError):
    """A call cannot be moved or cancelled (any more).

    ``reason``: ``late`` (inside the change notice), ``ended`` (it was cancelled, declined, or is over),
    ``same`` (the new time is the present one), ``moving``, ``role`` or ``early`` (not now, not theirs to do),
    ``other_senior`` (somebody else takes part already), ``left`` (its specialist's account is closed).
    """

    code = "cannot_change"

    def __init__(self, reason: str) -> None:
        super().__init__(f"the call cannot be changed: {reason}")
        self.reason = reason
        self.status = 409 if reason == "ended" else 422


class KeyReused(DomainError):
    """The idempotency key already stands for a booking with other contents."""

    code = "key_reused"


class HoldGone(DomainError):
    """The time is kept no longer: five minutes are over, or it was kept for another call."""

    status = 409
    code = "hold_gone"


class TooManyOpen(DomainError):
    """The company may have ``limit`` calls of this kind ahead; ``possible`` more can be booked now."""

    code = "too_many_open"

    def __init__(self, limit: int, possible: int = 0) -> None:
        super().__init__(f"{limit} calls of this kind may be ahead, {possible} more are possible")
        self.limit = limit
        self.possible = possible
        self.members = {"limit": limit, "possible": possible}


class NoSenior(DomainError):
    """No senior can be brought in: there is none whose calendar is in step, or not the one asked for."""

    status = 409
    code = "no_senior"


class OtherServes(DomainError):
    """Somebody else takes calls on that day now than whoever asks was shown: ``specialist``."""

    status = 409
    code = "other_serves"

    def __init__(self, specialist: SpecialistProfile) -> None:
        super().__init__(f"{specialist.name} serves on that day")
        self.specialist = specialist
        self.members = {"specialist": {"id": specialist.public_id, "name": specialist.name}}


class AlreadyYours(DomainError):
    """The contact has this very time already; ``public_id`` is that call."""

    status = 409
    code = "already_yours"

    def __init__(self, public_id: str) -> None:
        super().__init__("this time is already booked by the same contact")
        self.public_id = public_id


class LengthRefused(DomainError):
    """A call of this kind cannot be that long; ``offered`` are the lengths to choose from, in minutes."""

    code = "length"

    def __init__(self, length: int, offered: Sequence[int]) -> None:
        super().__init__(f"{length} minutes is none of {offered}")
        self.offered = tuple(offered)


class AnswersRefused(DomainError):
    """Answers to a call type's questions are missing or cannot be taken.

    ``answers`` holds a reason for each question's key: ``missing``, ``long``, ``characters``, ``choice``
    (none of those offered) or ``unknown`` (no such question).
    """

    code = "answers"

    def __init__(self, answers: Mapping[str, str]) -> None:
        super().__init__(f"answers refused: {answers}")
        self.answers = answers


class LastCallType(DomainError):
    """Without this call type nothing could be booked any more."""

    code = "last_call_type"


class GuestRefused(DomainError):
    """Somebody cannot be added to a call.

    ``reason``: ``address`` (none that mail goes to), ``contact`` or ``specialist`` (they are part of it),
    ``twice`` (added already), ``full`` (no more at a time), ``spent`` (no more in the call's life),
    ``daily`` (no more within a day, on all calls of its contact).
    """

    code = "guest_refused"

    def __init__(self, reason: str) -> None:
        super().__init__(f"the guest was refused: {reason}")
        self.reason = reason


class WayRefused(DomainError):
    """How to talk cannot be taken: ``reason`` is ``way`` (not one of those offered) or ``phone``."""

    code = "way"

    def __init__(self, reason: str) -> None:
        super().__init__(f"how to talk was refused: {reason}")
        self.reason = reason


class OthersConcerned(DomainError):
    """Whose time a change may touch became others while it waited for their locks: nothing happened."""

    status = 503
    code = "busy"
