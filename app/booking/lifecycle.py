"""The life of a call as one table: what each event requires, what it entails, and whom it tells.

Pages, the API and jobs ask this table; nothing else decides. ``app/booking/life/service.py`` carries out what
it says.
"""

from collections.abc import Mapping
from datetime import datetime

from app.accounts.values import ADMINISTRATOR, CONTACT, SignedIn
from app.booking.errors import CannotChange
from app.booking.letters.kinds import Kind
from app.booking.life.words import Dated, Event, Hosted, If, Notice, Rule, Status, Tell, Time, When, Who

__all__ = [
    "ACTIVE",
    "STANDING",
    "TABLE",
    "Event",
    "Status",
    "Who",
    "after",
    "begin",
    "is_active",
    "is_possible",
    "who_in",
    "who_is",
]


# The calls that take their specialist's time.
ACTIVE = frozenset({Status.PENDING, Status.CONFIRMED, Status.CLASH})
# What a call can be that was confirmed and not called off: it stands in feeds, and counts as having been.
STANDING = frozenset({Status.CONFIRMED, Status.CLASH, Status.TOOK_PLACE, Status.NO_SHOW})

_ANYBODY = frozenset({Who.CONTACT, Who.SPECIALIST, Who.ADMINISTRATOR})
_STAFF = frozenset({Who.SPECIALIST, Who.ADMINISTRATOR})
_SPECIALIST = frozenset({Who.SPECIALIST})
_SERVICE = frozenset({Who.SERVICE})


def _same(*statuses: Status) -> Mapping[Status | None, Status | None]:
    return {status: status for status in statuses}


def _to(end: Status, *starts: Status) -> Mapping[Status | None, Status | None]:
    return dict.fromkeys(starts, end)


def _over(end: Status) -> Mapping[Status | None, Status | None]:
    """What the specialist says afterwards; it can be put right."""
    return _to(end, *STANDING)


TABLE: Mapping[Event, Rule] = {
    Event.HOLD: Rule({None: None}, _ANYBODY, "held", time=Time.TAKE),
    Event.BOOK: Rule(
        {None: Status.PENDING}, frozenset({Who.CONTACT}), "booked", time=Time.TAKE, writes="write"
    ),
    Event.CONFIRM: Rule(
        _to(Status.CONFIRMED, Status.PENDING, Status.CLASH),
        _SERVICE,
        "confirmed",
        time=Time.NEW,
        tells=(Tell(Kind.INVITATION),),
    ),
    Event.RESCHEDULE: Rule(
        _same(*ACTIVE),
        _ANYBODY,
        "move_asked",
        When.AHEAD,
        Notice.MOVE,
        Time.BOTH,
        raises_sequence=True,
        writes="move",
    ),
    Event.GIVE_UP_MOVE: Rule(
        _same(*ACTIVE),
        _ANYBODY,
        "move_asked",
        When.AHEAD,
        Notice.MOVE,
        Time.OLD,
        raises_sequence=True,
        writes="move",
    ),
    Event.ARRIVE: Rule(
        _to(Status.CONFIRMED, Status.CONFIRMED, Status.CLASH),
        _SERVICE,
        "moved",
        time=Time.NEW,
        tells=(Tell(Kind.UPDATED),),
    ),
    Event.DROP_MOVE: Rule(
        _same(*ACTIVE),
        _SERVICE,
        "move_dropped",
        time=Time.OLD,
        tells=(Tell(Kind.NOT_MOVED, If.WISH_OVERTAKEN, offers=True),),
    ),
    Event.CANCEL: Rule(
        _to(Status.CANCELLED, *ACTIVE),
        _ANYBODY,
        "cancelled",
        When.AHEAD,
        Notice.CANCEL,
        Time.FREE,
        raises_sequence=True,
        writes="cancel",
        tells=(Tell(Kind.CANCELLED, If.PROMISED), Tell(Kind.NOT_BOOKED, If.UNPROMISED_BY_OTHERS)),
    ),
    Event.DECLINE: Rule(
        _to(Status.DECLINED, Status.PENDING),
        _SERVICE,
        "declined",
        time=Time.FREE,
        tells=(Tell(Kind.DECLINED, offers=True),),
    ),
    Event.EXPIRE: Rule(
        _to(Status.EXPIRED, Status.PENDING),
        _SERVICE,
        "expired",
        time=Time.FREE,
        tells=(Tell(Kind.EXPIRED), Tell(Kind.EXPIRED, at_home=True)),
    ),
    Event.FIND_CLASH: Rule(
        _to(Status.CLASH, *ACTIVE),
        _SERVICE,
        "clash",
        time=Time.OLD,
        tells=(Tell(Kind.CLASH), Tell(Kind.CLASH, at_home=True)),
    ),
    Event.SETTLE: Rule(
        _to(Status.CONFIRMED, Status.CLASH),
        _SERVICE,
        "clash_settled",
        tells=(Tell(Kind.SETTLED, If.KNOWS_OF_CLASH),),
    ),
    Event.FOLLOW: Rule(
        _to(Status.CONFIRMED, *ACTIVE),
        _SPECIALIST,
        "followed",
        time=Time.NEW,
        raises_sequence=True,
        writes="follow",
        tells=(Tell(Kind.INVITATION, If.UNPROMISED), Tell(Kind.FOLLOWED, If.PROMISED)),
    ),
    Event.MISPLACE: Rule(
        _to(Status.CLASH, *ACTIVE),
        _SPECIALIST,
        "misplaced",
        tells=(
            Tell(Kind.MISPLACED, at_home=True),
            Tell(Kind.CLASH, If.UNPROMISED),
            Tell(Kind.NOT_MOVED, If.PROMISED_WISH_OVERTAKEN),
        ),
    ),
    Event.CALL_OFF: Rule(
        _to(Status.CANCELLED, *ACTIVE),
        _SPECIALIST,
        "cancelled",
        time=Time.FREE,
        raises_sequence=True,
        writes="cancel",
        tells=(
            Tell(Kind.CALLED_OFF, If.PROMISED, offers=True),
            Tell(Kind.DECLINED, If.UNPROMISED, offers=True),
        ),
    ),
    Event.ADD_SENIOR: Rule(
        _same(*ACTIVE),
        _ANYBODY,
        "senior_added",
        When.AHEAD,
        Notice.MOVE,
        raises_sequence=True,
        writes="senior",
    ),
    Event.SENIOR_JOINS: Rule(
        _same(*ACTIVE), _SERVICE, "senior_joined", tells=(Tell(Kind.SENIOR_JOINED, If.UNTOLD),)
    ),
    Event.DROP_SENIOR: Rule(
        _same(*ACTIVE),
        _STAFF,
        "senior_dropped",
        When.AHEAD,
        raises_sequence=True,
        writes="senior",
        tells=(Tell(Kind.SENIOR_GONE, If.PROMISED),),
    ),
    Event.LOSE_SENIOR: Rule(
        _same(*ACTIVE),
        frozenset({Who.SENIOR, Who.SERVICE}),
        "senior_left",
        When.AHEAD,
        raises_sequence=True,
        writes="senior",
        tells=(Tell(Kind.SENIOR_GONE, If.PROMISED), Tell(Kind.SENIOR_GONE, at_home=True)),
    ),
    # Also who comes to take it over asks for it: to this call they are somebody else yet.
    Event.REASSIGN: Rule(
        _same(Status.CONFIRMED, Status.CLASH),
        _STAFF | {Who.SENIOR, Who.SERVICE},
        "reassigned",
        When.AHEAD,
    ),
    Event.TAKE_OVER: Rule(
        _to(Status.CONFIRMED, Status.CONFIRMED, Status.CLASH),
        _SERVICE,
        "taken_over",
        When.AHEAD,
        raises_sequence=True,
        writes="take_over",
        tells=(
            Tell(Kind.INVITATION, If.UNPROMISED),
            Tell(Kind.TAKEN_OVER, If.PROMISED),
            Tell(Kind.TAKEN_OVER, at_home=True),
        ),
    ),
    Event.STAY: Rule(_same(*ACTIVE), _STAFF | {Who.SENIOR, Who.SERVICE}, "stayed"),
    Event.TAKE_PLACE: Rule(_over(Status.TOOK_PLACE), _STAFF, "took_place", When.BEGUN),
    Event.MISS: Rule(_over(Status.NO_SHOW), _STAFF, "no_show", When.BEGUN),
}


def who_is(role: str | None) -> Who:
    """On whose behalf somebody of this role acts; None is the service itself."""
    if role is None:
        return Who.SERVICE
    if role == CONTACT:
        return Who.CONTACT
    return Who.ADMINISTRATOR if role == ADMINISTRATOR else Who.SPECIALIST


def who_in(call: Hosted, actor: SignedIn | None) -> Who:
    """On whose behalf somebody acts in this call; None is the service itself."""
    who = who_is(actor.role if actor else None)
    is_other = who is Who.SPECIALIST and actor is not None and actor.id != call.specialist.user_id
    return Who.SENIOR if is_other else who


def begin(event: Event, who: Who) -> Status | None:
    """The status of a call that comes into being by this event; raises CannotChange("role")."""
    rule = TABLE[event]
    if who not in rule.by:
        raise CannotChange("role")
    return rule.leads[None]


def after(call: Dated, event: Event, who: Who, now: datetime) -> Status:
    """The status after an event.

    Raises CannotChange: ``role`` (not theirs to do), ``ended`` (not possible in this status, or begun),
    ``early`` (not begun yet), ``late`` (inside the notice that contacts keep).
    """
    rule = TABLE[event]
    if who not in rule.by:
        raise CannotChange("role")
    result = rule.leads.get(Status(call.status))
    if result is None or (rule.when is When.AHEAD and call.start <= now):
        raise CannotChange("ended")
    if rule.when is When.BEGUN and now < call.start:
        raise CannotChange("early")
    if who is Who.CONTACT and now > _last_moment(call, rule.notice, now):
        raise CannotChange("late")
    return result


def is_possible(call: Dated, event: Event, who: Who, now: datetime) -> bool:
    """Whether the event may happen now; what pages offer."""
    try:
        after(call, event, who, now)
    except CannotChange:
        return False
    return True


def is_active(status: str) -> bool:
    """Whether the call takes its specialist's time."""
    return status in ACTIVE


def _last_moment(call: Dated, notice: Notice, now: datetime) -> datetime:
    match notice:
        case Notice.MOVE:
            return call.move_until
        case Notice.CANCEL:
            return call.cancel_until
    return now
