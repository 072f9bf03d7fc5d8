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
    DECLINE_ASKED = "decline_asked"
    PROPOSED = "proposed"
    PROPOSAL_DECLINED = "proposal_declined"
    REMINDER = "reminder"
    SENIOR_JOINED = "senior_joined"
    SENIOR_GONE = "senior_gone"
    SENIOR_KEPT = "senior_kept"
    TAKEN_OVER = "taken_over"
    HANDED_ON = "handed_on"
    KEPT = "kept"


# What only the specialist is written, or a senior who takes part.
FOR_SPECIALISTS = frozenset(
    {
        Kind.MISPLACED,
        Kind.MADE_RECURRING,
        Kind.VANISHED,
        Kind.MOVED_MANY,
        Kind.UNREADABLE,
        Kind.PROPOSED,
        Kind.SENIOR_KEPT,
        Kind.HANDED_ON,
    }
)
# Those with an iTIP message: REQUEST (RFC 5546, 3.2.2) and CANCEL (3.2.5).
REQUESTS = frozenset(
    {
        Kind.INVITATION,
        Kind.UPDATED,
        Kind.FOLLOWED,
        Kind.SENIOR_JOINED,
        Kind.SENIOR_GONE,
        Kind.TAKEN_OVER,
    }
)
CANCELS = frozenset({Kind.CANCELLED, Kind.CALLED_OFF})
