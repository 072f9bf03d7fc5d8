"""What may be asked for: of whoever serves on each day, or of the people of a call that moves."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.accounts.values import CONTACT, SignedIn
from app.booking.errors import CannotChange, LengthRefused, NoSenior
from app.booking.offers.wish import Turn, Wish, Wishes
from app.booking.rules import effective
from app.booking.seniors.choice.service import choose_senior
from app.booking.values import CallTypeValue, CallValue
from app.config import Settings
from app.customers.entitlement import entitled_until
from app.customers.errors import NoSpecialist
from app.customers.profiles import ContactProfile, SpecialistProfile
from app.customers.roster import Shift
from app.customers.service import contact_profile, require_entitled, roster
from app.lib.errors import DomainError
from app.lib.intervals import Interval
from app.lib.wording import local_date
from app.lib.zones import day_interval
from app.settings.values import Feature

# Beyond every horizon and every series.
_FAR = timedelta(days=400)


def wishes_for(
    session: Session,
    now: datetime,
    settings: Settings,
    contact: ContactProfile,
    call_type: CallTypeValue,
    length: int | None = None,
    senior: str = "",
) -> Wishes:
    """What this contact may ask for, from today on, of whoever serves on each day.

    ``length`` is in minutes, None for the call type's first; ``senior`` as in BookingRequest. Days of those
    with whom it cannot be had are left out; when there are no others, raises LengthRefused or NoSenior.
    Raises NotEntitled, NoSpecialist.
    """
    require_seniors(settings, senior)
    counter = _Counter(session, now, settings, contact, call_type, length, senior)
    turns, refused = list[Turn](), list[DomainError]()
    for shift in counter.roster():
        try:
            turns.append(counter.turn(shift))
        except (LengthRefused, NoSenior) as error:
            refused.append(error)
    if not turns:
        raise refused[0]
    return Wishes(tuple(turns))


def wish_for(
    session: Session,
    now: datetime,
    settings: Settings,
    contact: ContactProfile,
    call_type: CallTypeValue,
    start: datetime,
    length: int | None = None,
    senior: str = "",
) -> Wish:
    """The same for a call that begins at ``start``, of whoever serves on that day.

    Raises NotEntitled, NoSpecialist, NoSenior, LengthRefused.
    """
    require_seniors(settings, senior)
    counter = _Counter(session, now, settings, contact, call_type, length, senior)
    found = counter.roster()
    on_that_day = next((shift for shift in found if start < counter.span_of(shift).end), found[-1])
    return counter.turn(on_that_day).wish


@dataclass
class _Counter:
    """Where a contact asks for times of a call type."""

    session: Session
    now: datetime
    settings: Settings
    contact: ContactProfile
    call_type: CallTypeValue
    length: int | None
    asked_senior: str
    last_day: date | None = field(default=None, init=False)
    _first: SpecialistProfile | None = field(default=None, init=False)

    def roster(self) -> Sequence[Shift]:
        """Who serves from today on; raises NotEntitled, NoSpecialist."""
        self.last_day = _last_day(self.contact, self.now, self.settings)
        today = local_date(self.now, self.settings.service_time_zone)
        found = roster(self.session, self.contact.company_id, today, today + _FAR)
        if not found or found[0].first > today:
            raise NoSpecialist(f"nobody serves company {self.contact.company_id} on {today}")
        return found

    def span_of(self, shift: Shift) -> Interval:
        """The shift's days."""
        zone = self.settings.service_time_zone
        return Interval(day_interval(shift.first, zone).start, day_interval(shift.last, zone).end)

    def turn(self, shift: Shift) -> Turn:
        """The wish of these days; raises LengthRefused, NoSenior."""
        person, span = shift.served.person, self.span_of(shift)
        rules = effective(self.call_type, person.user_id, self.length).rules
        wish = Wish(
            person,
            self.call_type.id,
            rules,
            self.last_day,
            self.contact.user_id,
            senior=self._senior(person),
            away=(span,) if shift.served.by is None else (),
        )
        return Turn(span, wish, shift.served)

    def _senior(self, person: SpecialistProfile) -> SpecialistProfile | None:
        """Who takes part besides: with the same person always the same, whichever days are looked at."""
        if not self.asked_senior:
            return None
        self._first = self._first or self._choose()
        return self._choose(person.user_id) if self._first.user_id == person.user_id else self._first

    def _choose(self, specialist_id: int | None = None) -> SpecialistProfile:
        return choose_senior(self.session, self.now, self.settings, self.asked_senior, specialist_id)


def wish_to_move(
    session: Session,
    now: datetime,
    settings: Settings,
    actor: SignedIn,
    call: CallValue,
    senior: str = "",
) -> Wish:
    """A new time for a call, which keeps its people and its rules; ``senior`` is brought in along with it.

    Contacts can have what their company is entitled to (raises NotEntitled); notice and caps are theirs to
    keep, not their specialist's or the administrator's; and they cannot have a specialist whose account is
    closed (raises CannotChange). Raises NoSenior.
    """
    if actor.role == CONTACT:
        _require_active(session, call.specialist)
        last_day = _last_day(contact_profile(session, call.contact_id), now, settings)
        wish = Wish(call.specialist, call.call_type_id, call.rules, last_day, actor.id, call)
    else:
        rules = replace(call.rules, notice=timedelta(0), daily_cap=0, weekly_cap=0)
        wish = Wish(call.specialist, call.call_type_id, rules, None, actor.id, call)
    if call.senior is not None:
        return replace(wish, senior=call.senior)
    if actor.role == CONTACT:
        require_seniors(settings, senior)
    return _with_senior(session, now, settings, wish, senior)


def _require_active(session: Session, specialist: SpecialistProfile) -> None:
    if not session.scalar(select(User.is_active).where(User.id == specialist.user_id)):
        raise CannotChange("left")


def require_seniors(settings: Settings, asked: str) -> None:
    """Nothing, unless a senior is asked for while customers cannot have one; then raises NoSenior."""
    if asked and not settings.offers(Feature.SENIORS):
        raise NoSenior("switched off for customers")


def _with_senior(session: Session, now: datetime, settings: Settings, wish: Wish, asked: str) -> Wish:
    if not asked:
        return wish
    return replace(wish, senior=choose_senior(session, now, settings, asked, wish.specialist.user_id))


def _last_day(contact: ContactProfile, now: datetime, settings: Settings) -> date | None:
    require_entitled(contact, now, settings)
    return entitled_until(contact.option, local_date(now, settings.service_time_zone))
