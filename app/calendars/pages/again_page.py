"""Choosing again after another look at an account: what it was for until now stands in the choice."""

from collections.abc import Iterable
from dataclasses import replace

from flask_babel import gettext as _

from app.calendars.connecting.lookup_values import CALENDAR_CHOICE, KEPT_CHOICE, PROPERTY_CHOICE, LookupView
from app.calendars.pages.accounts_page import account_name, calendar_name, host_of
from app.calendars.pages.choose_page import ELSEWHERE, Chosen
from app.calendars.pages.page_values import ResultPage
from app.calendars.pages.trouble_page import trouble_words
from app.calendars.values import COLLECTION, KEPT, PROPERTY, AccountView, Discovery, FoundAvailability


def known_account(found: LookupView, mine: Iterable[AccountView]) -> AccountView | None:
    """The account that was looked at, when it is connected already: the same server and user name."""

    def is_it(account: AccountView) -> bool:
        place = account.kind, host_of(account.url), account.username
        return account.id == found.account_id or place == ("caldav", host_of(found.url), found.username)

    return next((account for account in mine if is_it(account)), None)


def as_used(found: Discovery, account: AccountView) -> Discovery:
    """What was found, with the availability that the account uses in the first place."""
    used = (item.href for item in account.calendars if item.source == PROPERTY)
    href = next((item for item in used if item in found.availability_hrefs), None)
    standing = found.availability
    if href is None or (standing is not None and standing.href == href):
        return found
    return replace(found, availability=FoundAvailability(href, ""))


def chosen_of_known(found: Discovery, account: AccountView) -> Chosen:
    """What the account's calendars are for now, in terms of what was found; what is gone is not ticked."""
    numbers = {item.href: str(number) for number, item in enumerate(found.calendars)}
    here = [item for item in account.calendars if item.href in numbers]
    receives = [item.href for item in account.calendars if item.receives_bookings]
    return Chosen(
        frozenset(numbers[item.href] for item in here if item.purpose == "busy"),
        numbers.get(receives[0], "") if receives else ELSEWHERE,
        _hours(numbers, account),
    )


def _hours(numbers: dict[str, str], account: AccountView) -> str:
    for item in account.calendars:
        if item.purpose == "working_hours":
            if item.source == COLLECTION:
                return f"{CALENDAR_CHOICE}:{numbers.get(item.href, '')}"
            return KEPT_CHOICE if item.source == KEPT else PROPERTY_CHOICE
    return ELSEWHERE


def gone_calendars(found: Discovery, account: AccountView) -> tuple[str, ...]:
    """The chosen calendars of the account that its server no longer lists."""
    there = {item.href for item in found.calendars}
    chosen = (item for item in account.calendars if item.purpose != "ignored" and item.source == COLLECTION)
    return tuple(calendar_name(item) for item in chosen if item.href not in there)


def unmade_page(found: LookupView, account: AccountView) -> ResultPage:
    """That an account is connected, but a calendar could not be made on its server, and what to do."""
    happened, _advice = trouble_words(found.reason)
    names = ", ".join(f"“{name}”" for name in found.unmade)
    return ResultPage(
        title=_("The calendar could not be made"),
        account=account_name(account),
        lines=(
            _("The account is connected, and your other choices are saved."),
            _("The server did not make %(names)s: %(why)s.", names=names, why=happened),
            _(
                "Choose another calendar for it. Or make one in your calendar program, then choose again and "
                "look for it there."
            ),
        ),
        account_id=account.id,
    )


def unseen_page(found: LookupView, account: AccountView) -> ResultPage:
    """That another look at an account has failed, and what to do."""
    happened, advice = trouble_words(found.reason)
    unchanged = _("Nothing has changed: what you had chosen counts as before.")
    return ResultPage(happened, account_name(account), (advice, unchanged), account.id)
