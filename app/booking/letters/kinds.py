"""The letters about a call; each has its templates of the same name (app/templates/mail/)."""

from enum import StrEnum


class Kind(StrEnum):
    """What a letter tells; the specialist's has ``_at_home`` behind its templates' name."""

    INVITATION = "invitation"
    UPDATED = "updated"
    CANCELLED = "cancelled"
    DECLINED = "clash_declined"
    NOT_BOOKED = "not_booked"
    EXPIRED = "expired"
    NOT_MOVED = "not_moved"
    CLASH = "clash"
    SETTLED = "settled"
    FOLLOWED = "followed"
    CALLED_OFF = "called_off"
    MISPLACED = "misplaced"
    MADE_RECURRING = "made_recurring"
    VANISHED = "vanished"
    MOVED_MANY = "moved_many"
    UNREADABLE = "unreadable"


# What only the specialist is written.
FOR_SPECIALISTS = frozenset(
    {Kind.MISPLACED, Kind.MADE_RECURRING, Kind.VANISHED, Kind.MOVED_MANY, Kind.UNREADABLE}
)
# Those with an iTIP message: REQUEST (RFC 5546, 3.2.2) and CANCEL (3.2.5).
REQUESTS = frozenset({Kind.INVITATION, Kind.UPDATED, Kind.FOLLOWED})
CANCELS = frozenset({Kind.CANCELLED, Kind.CALLED_OFF})
