"""Choosing what the calendars of an account are for: the offer, the choice, and what is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from app.calendars.connecting.lookup_values import (
    CALENDAR_CHOICE,
    KEPT_CHOICE,
    NEW_CHOICE,
    PROPERTY_CHOICE,
    Choices,
    HoursChoice,
    default_choices,
)
from app.calendars.pages.accounts_page import account_detail, account_name, calendar_name
from app.calendars.pages.page_values import ChoosePage, Option, Problem
from app.calendars.values import COLLECTION, KEPT, AccountView, Discovery, FoundCalendar

NEW, ELSEWHERE = "new", "elsewhere"
_NO_HOURS = "none"


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be chosen, each as (value, name, detail) in the order of the page."""

    account: str
    busy: tuple[tuple[str, str, str], ...]
    receives: tuple[tuple[str, str, str], ...]
    hours: tuple[tuple[str, str, str], ...]
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is ticked: the values of an offer; "" where nothing is. Hours never block time themselves."""

    busy: frozenset[str]
    receives: str
    hours: str

    @property
    def blocking(self) -> frozenset[str]:
        """What blocks time: the ticked, and the one that takes the calls, but not the hours."""
        return (self.busy | ({self.receives} - {"", NEW, ELSEWHERE})) - {self.hours.partition(":")[2]}


def choose_page(
    offer: Offer,
    chosen: Chosen,
    action: str,
    *,
    is_new: bool,
    problems: Sequence[Problem] = (),
    look_again: int = 0,
    gone: tuple[str, ...] = (),
    trouble: tuple[str, str] = ("", ""),
) -> ChoosePage:
    """The form with this choice in it; see ChoosePage. ``trouble`` is what happened and what to do."""
    return ChoosePage(
        account=offer.account,
        action=action,
        is_new=is_new,
        busy=tuple(Option(*item, item[0] in chosen.busy) for item in offer.busy),
        receives=tuple(Option(*item, item[0] == chosen.receives) for item in offer.receives),
        hours=tuple(Option(*item, item[0] == chosen.hours) for item in offer.hours),
        links=offer.links,
        problems=tuple(problems),
        look_again=look_again,
        gone=gone,
        trouble=trouble[0],
        advice=trouble[1],
    )


def check(offer: Offer, chosen: Chosen) -> tuple[Problem, ...]:
    """What cannot be as it was chosen."""
    problems = []
    if chosen.receives not in {value for value, _name, _detail in offer.receives}:
        problems.append(Problem("receives", _("Choose where we write booked calls.")))
    elif chosen.hours == f"{CALENDAR_CHOICE}:{chosen.receives}":
        words = _("Booked calls and working hours need two calendars. Choose another one for one of them.")
        problems.append(Problem("receives", words))
    if chosen.hours not in {value for value, _name, _detail in offer.hours}:
        problems.append(Problem("hours", _("Choose where your working hours live.")))
    uses_nothing = not chosen.blocking and chosen.receives == chosen.hours == ELSEWHERE
    if not problems and uses_nothing:
        problems.append(Problem("busy", _("Choose at least one calendar, or go back without connecting.")))
    return tuple(problems)


def offer_of_found(server: str, found: Discovery, booked_elsewhere: str, hours_elsewhere: str) -> Offer:
    """What a newly found account offers; ``…elsewhere`` name what other accounts do already."""
    calendars = list(enumerate(found.calendars))
    busy = [(str(n), item.name, _marks(item)) for n, item in calendars if item.holds_events]
    receives = [(str(n), it.name, "") for n, it in calendars if it.holds_events and it.can_write]
    if found.homes:
        receives.append((NEW, _("A new calendar “%(name)s”", name=calls_name()), _("We make it there.")))
    if booked_elsewhere or not receives:
        receives.insert(0, _elsewhere(booked_elsewhere, _("Nowhere in this account")))
    return Offer(
        account=server,
        busy=tuple(busy),
        receives=tuple(receives),
        hours=tuple(_hours_of_found(found, hours_elsewhere)),
        links=tuple(item.name for _n, item in calendars if item.source),
    )


def _hours_of_found(found: Discovery, elsewhere: str) -> list[tuple[str, str, str]]:
    hours = []
    if elsewhere:
        hours.append(_elsewhere(elsewhere, ""))
    if found.availability is not None:
        detail = _("The availability that your server keeps already. Other programs show it, too.")
        hours.append((PROPERTY_CHOICE, _("In the availability of this account"), detail))
    for number, item in enumerate(found.calendars):
        if item.can_write and not item.source:
            hours.append((f"{CALENDAR_CHOICE}:{number}", item.name, _hours_detail()))
    if found.homes:
        name = _("A new calendar “%(name)s”", name=hours_name())
        hours.append((NEW_CHOICE, name, _("We make it there; you can change your hours in it on the phone.")))
    hours.append(_kept())
    return hours


def _kept() -> tuple[str, str, str]:
    return KEPT_CHOICE, _("Here"), _("You change them on the Availability page alone.")


def _read_only() -> str:
    return _("we can only read it")


def _hours_detail() -> str:
    return _("Its entries are your hours, all-day ones your time off. It does not block your time.")


def _elsewhere(name: str, otherwise: str) -> tuple[str, str, str]:
    if not name:
        return ELSEWHERE, otherwise, _("Calls need a calendar that we can write to.")
    return ELSEWHERE, _("Where they are now"), name


def _marks(item: FoundCalendar) -> str:
    marks = [
        (item.is_shared, _("shared with you")),
        (item.is_subscribed, _("subscribed")),
        (not item.can_write, _read_only()),
    ]
    return ", ".join(words for holds, words in marks if holds)


def calls_name() -> str:
    """What a calendar made for booked calls is called."""
    return _("Booked calls")


def hours_name() -> str:
    """What a calendar made for working hours is called."""
    return _("Working hours")


def chosen_of_found(found: Discovery, *, has_booking: bool, has_hours: bool) -> Chosen:
    """What most people would choose; what other accounts do already stays there."""
    choices = default_choices(found, calls_name())
    numbers = {item.href: str(number) for number, item in enumerate(found.calendars)}
    receives = NEW if choices.new_calendar and found.homes else ELSEWHERE
    if choices.receives_href is not None:
        receives = numbers[choices.receives_href]
    hours = choices.hours.kind
    if hours == CALENDAR_CHOICE:
        hours = f"{CALENDAR_CHOICE}:{numbers[choices.hours.href]}"
    return Chosen(
        frozenset(numbers[href] for href, purpose in choices.purposes.items() if purpose == "busy"),
        ELSEWHERE if has_booking else receives,
        ELSEWHERE if has_hours else hours,
    )


def choices_from(found: Discovery, chosen: Chosen) -> Choices:
    """The checked choice in the words of the service."""
    blocking = chosen.blocking
    hours = _hours_choice(found, chosen.hours)
    purposes = {
        item.href: "busy" if str(number) in blocking else "ignored"
        for number, item in enumerate(found.calendars)
        if item.holds_events and item.href != hours.href
    }
    is_found = chosen.receives not in {NEW, ELSEWHERE}
    receives = found.calendars[int(chosen.receives)].href if is_found else None
    return Choices(purposes, receives, hours, calls_name() if chosen.receives == NEW else "")


def _hours_choice(found: Discovery, value: str) -> HoursChoice:
    kind, _colon, number = value.partition(":")
    if kind == PROPERTY_CHOICE and found.availability is not None:
        return HoursChoice(kind, found.availability.href)
    if kind == CALENDAR_CHOICE:
        return HoursChoice(kind, found.calendars[int(number)].href)
    if kind == NEW_CHOICE:
        return HoursChoice(kind, hours_name())
    return HoursChoice(_NO_HOURS if kind == ELSEWHERE else kind)


def offer_of_account(account: AccountView, booked_elsewhere: str, hours_elsewhere: str) -> Offer:
    """What a connected account offers: the calendars that it was connected with."""
    own = [item for item in account.calendars if item.source == COLLECTION and item.holds_events]
    receives = [(str(item.id), item.name, "") for item in own if item.can_write]
    if booked_elsewhere or not receives:
        receives.insert(0, _elsewhere(booked_elsewhere, _("Nowhere in this account")))
    hours = [_elsewhere(hours_elsewhere, "")] if hours_elsewhere else []
    for item in account.calendars:
        if item.source != KEPT and (item.can_write or item.purpose == "working_hours"):
            detail = _hours_detail() if item.source == COLLECTION else ""
            hours.append((f"{CALENDAR_CHOICE}:{item.id}", calendar_name(item), detail))
    hours.append(_kept())
    return Offer(
        account=f"{account_name(account)}, {account_detail(account)}",
        busy=tuple((str(it.id), it.name, "" if it.can_write else _read_only()) for it in own),
        receives=tuple(receives),
        hours=tuple(hours),
    )


def chosen_of_account(account: AccountView) -> Chosen:
    """What the account's calendars are for now."""
    receives = next((str(item.id) for item in account.calendars if item.receives_bookings), ELSEWHERE)
    hours = next((item for item in account.calendars if item.purpose == "working_hours"), None)
    place = ELSEWHERE if hours is None else f"{CALENDAR_CHOICE}:{hours.id}"
    return Chosen(
        frozenset(str(item.id) for item in account.calendars if item.purpose == "busy"),
        receives,
        KEPT_CHOICE if hours is not None and hours.source == KEPT else place,
    )


def purposes_from(account: AccountView, chosen: Chosen) -> tuple[Mapping[int, str], int | None]:
    """The checked choice as purposes by calendar id, and the calendar that takes the bookings.

    Hours that only we keep (KEPT_CHOICE) are none of the account's calendars: rechoose has a word for them.
    """
    hours = chosen.hours.partition(":")[2]
    purposes = {item.id: "ignored" for item in account.calendars}
    purposes |= {number: "busy" for number in purposes if str(number) in chosen.blocking}
    if hours:
        purposes[int(hours)] = "working_hours"
    return purposes, None if chosen.receives == ELSEWHERE else int(chosen.receives)
