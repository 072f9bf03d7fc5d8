"""A person's calendar accounts in their own words: what each is for, how it stands, what to do."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from flask_babel import gettext as _
from flask_babel import ngettext

from app.calendars.pages.guests_page import guest_switch
from app.calendars.pages.page_values import (
    AccountCard,
    AccountsPage,
    CalendarLine,
    Colour,
    PasswordPage,
    Pill,
    Problem,
    Remedy,
    RemovePage,
    UnreadLine,
)
from app.calendars.values import KEPT, PROPERTY, AccountView, CalendarChoice, ObjectProblem
from app.ical.series import Reason
from app.lib import wording

_CHOSEN = {"busy", "working_hours"}


@dataclass(frozen=True, slots=True)
class Reading:
    """Who reads, and when: language, zone (IANA), the moment, and how old a copy may be."""

    language: str
    zone: str
    now: datetime
    max_age: timedelta

    def moment(self, moment: datetime) -> str:
        """ "14:02" today, else "22 November, 14:02"."""
        day = wording.local_date(moment, self.zone)
        time = wording.clock(moment, self.zone)
        if day == wording.local_date(self.now, self.zone):
            return time
        return f"{wording.day_plain(day, self.language)}, {time}"


def host_of(url: str) -> str:
    """The server of an address, with its port where it has one of its own."""
    return urlsplit(url).netloc or url


def account_name(account: AccountView) -> str:
    """What the account is called."""
    return account.name or host_of(account.url)


def account_detail(account: AccountView) -> str:
    """Whose account on which server it is; of a file only the server, for its address may be a secret."""
    if is_file(account):
        return _("Calendar file at %(host)s", host=host_of(account.url))
    return _("%(user)s at %(host)s", user=account.username, host=host_of(account.url))


def is_file(account: AccountView) -> bool:
    """Whether it is a subscription."""
    return account.kind == "subscription"


def is_chosen(account: AccountView) -> bool:
    """Whether anything of it counts."""
    return any(item.purpose in _CHOSEN and item.source != KEPT for item in account.calendars)


def is_first_read_due(account: AccountView) -> bool:
    """Whether it was connected a moment ago and has not been read yet."""
    is_new = account.state == "ok" or (account.state == "unreachable" and not account.state_detail)
    return account.in_step_at is None and is_new and is_chosen(account)


def accounts_page(
    accounts: Sequence[AccountView],
    problems: Iterable[ObjectProblem],
    reading: Reading,
    outcome: str = "",
    outcome_kind: Colour = "ok",
) -> AccountsPage:
    """All accounts of a person."""
    unread = list(problems)
    booked, hours = booked_into(accounts), hours_in(accounts)
    missing = []
    if accounts and not booked:
        missing.append(_("Choose a calendar for booked calls: without it no call can be confirmed."))
    if accounts and not hours:
        missing.append(_("Choose where your working hours live: without them customers see no times."))
    return AccountsPage(
        zone=wording.zone_name(reading.now, reading.zone, reading.language),
        accounts=tuple(
            _card(account, [item for item in unread if item.account_id == account.id], reading)
            for account in accounts
        ),
        booked_into=booked,
        hours_in=hours,
        missing=tuple(missing),
        is_waiting=any(is_first_read_due(account) for account in accounts),
        outcome=outcome,
        outcome_kind=outcome_kind,
    )


def booked_into(accounts: Iterable[AccountView], but: int = 0) -> str:
    """The calendar for booked calls, "" without one; ``but`` leaves an account out."""
    found = (
        f"{item.name} ({account_name(account)})"
        for account in accounts
        for item in account.calendars
        if item.receives_bookings and account.id != but
    )
    return next(found, "")


def hours_in(accounts: Iterable[AccountView], but: int = 0) -> str:
    """Where the working hours live, "" when nowhere; ``but`` leaves an account out."""
    found = (
        _place_of_hours(account, item)
        for account in accounts
        for item in account.calendars
        if item.purpose == "working_hours" and account.id != but
    )
    return next(found, "")


def _place_of_hours(account: AccountView, item: CalendarChoice) -> str:
    if item.source == KEPT:
        return _("this service alone, in no calendar")
    if item.source == PROPERTY:
        return _("the availability of %(account)s", account=account_name(account))
    return f"{item.name} ({account_name(account)})"


def calendar_name(item: CalendarChoice) -> str:
    """What a calendar is called; what is none has a name of ours."""
    if item.source == KEPT:
        return _("Hours that only this service keeps")
    if item.source == PROPERTY:
        return _("Availability on the server")
    return item.name


def _card(account: AccountView, unread: Sequence[ObjectProblem], reading: Reading) -> AccountCard:
    pill, trouble = _state(account, reading)
    return AccountCard(
        id=account.id,
        name=account_name(account),
        detail=account_detail(account),
        pill=pill,
        trouble=trouble,
        remedy=_remedy(account),
        calendars=tuple(_line(item) for item in account.calendars),
        unread=tuple(UnreadLine(it.title or _("Without a title"), it.calendar, _why(it)) for it in unread),
        is_file=is_file(account),
        guests=guest_switch(account),
    )


def _line(item: CalendarChoice) -> CalendarLine:
    uses = {
        "busy": Pill("info", _("Blocks your time")),
        "working_hours": Pill("info", _("Working hours")),
    }
    used = [uses.get(item.purpose, Pill("info", _("Ignored")))]
    if item.receives_bookings:
        used.append(Pill("ok", _("Booked calls")))
    note = ""
    if item.problem_count:
        note = ngettext(
            "%(num)s entry could not be read wholly",
            "%(num)s entries could not be read wholly",
            item.problem_count,
        )
    return CalendarLine(calendar_name(item), tuple(used), item.purpose not in _CHOSEN, note)


def _why(problem: ObjectProblem) -> str:
    words: dict[str, str] = {
        Reason.NO_START: _("its beginning cannot be read, so it does not block your time"),
        Reason.NO_END: _("its end cannot be read"),
        Reason.UNKNOWN_ZONE: _("its time zone is unknown; it is read in yours"),
        Reason.BAD_RULE: _("its repetition cannot be read"),
        Reason.TOO_MANY: _("it repeats too often; only the first times count"),
        Reason.BAD_DATE: _("one of its dates cannot be read"),
        Reason.ZONE_MISMATCH: _("it brings another clock for its time zone; the public one counts"),
        Reason.INNER_CALENDAR: _("a calendar inside this calendar is not read"),
    }
    return words.get(problem.reason, _("it cannot be read"))


def _state(account: AccountView, reading: Reading) -> tuple[Pill, str]:
    """The state in a few words, and what is wrong with what to do; "" when nothing is."""
    if not is_chosen(account):
        return Pill("warn", _("Not used")), ""
    if is_first_read_due(account):
        return Pill("warn", _("Being read for the first time")), ""
    in_step, since = account.in_step_at, reading.moment(account.state_since)
    if account.state == "ok" and in_step is not None:
        words = _("In step, %(time)s", time=reading.moment(in_step))
        if reading.now - in_step <= reading.max_age:
            return Pill("ok", words), ""
        return Pill("bad", _("Not read since %(time)s", time=reading.moment(in_step))), _closing(
            account, reading
        )
    pills = {
        "refused": _("Sign-in refused since %(time)s", time=since),
        "broken": _("Not readable since %(time)s", time=since),
        "missing": _("In doubt since %(time)s", time=since),
    }
    pill = Pill("bad", pills.get(account.state, _("Not reachable since %(time)s", time=since)))
    return pill, f"{_what_to_do(account)} {_closing(account, reading)}".strip()


def _what_to_do(account: AccountView) -> str:
    if account.state in {"missing", "refused"} and is_file(account):
        return _(
            "The file is gone, suddenly empty, or closed to us. We go on with what we read last. If it has a "
            "new address, subscribe to that and remove this one."
        )
    if account.state_detail == "too_large":
        return _("There is more in it than we can keep. Move old entries into another calendar.")
    words = {
        "refused": _(
            "The server does not take the user name and password any more. We try only once an hour, so that "
            "your account is not locked."
        ),
        "broken": _(
            "The server answers, but not with a calendar that can be read. We try again by ourselves."
        ),
        "missing": _(
            "A calendar is gone, suddenly empty, or closed to us. We go on with what we read last; no call "
            "is cancelled."
        ),
    }
    return words.get(account.state, _("The server does not answer. We try again by ourselves."))


def _closing(account: AccountView, reading: Reading) -> str:
    """From when on the account closes the slots of its owner."""
    if account.in_step_at is None:
        return _("Until it was read once, customers see no times.")
    closes_at = account.in_step_at + reading.max_age
    if closes_at <= reading.now:
        return _("Customers have seen no times since %(time)s.", time=reading.moment(closes_at))
    return _("If that lasts, customers see no times after %(time)s.", time=reading.moment(closes_at))


def _remedy(account: AccountView) -> Remedy:
    if account.state == "refused":
        return "subscribe" if is_file(account) else "password"
    if account.state == "missing":
        return "subscribe" if is_file(account) else "choose"
    return ""


def remove_page(account: AccountView, others: Sequence[AccountView], calls: int) -> RemovePage:
    """What removing an account means; ``calls`` are the coming ones that stand in its calendars."""
    texts = [_("We forget the password and everything that we have read. On the server nothing is deleted.")]
    if is_file(account):
        texts = [_("We forget the address and everything that we have read.")]
    if any(item.purpose == "busy" for item in account.calendars):
        texts.append(_("What stands in its calendars no longer blocks your time."))
    if any(item.receives_bookings for item in account.calendars):
        if calls:
            texts.append(_calls_words(calls))
        texts.append(_("No call can be confirmed until you choose another calendar for booked calls."))
    if any(item.purpose == "working_hours" for item in account.calendars) and not hours_in(others):
        texts.append(_("Your working hours go with it: customers see no times until you choose others."))
    return RemovePage(account.id, account_name(account), account_detail(account), tuple(texts))


def _calls_words(count: int) -> str:
    return ngettext(
        "%(num)s coming call stands in it. It stays booked, and its entry stays on the server; we no longer "
        "follow changes there.",
        "%(num)s coming calls stand in it. They stay booked, and their entries stay on the server; we no "
        "longer follow changes there.",
        count,
    )


def password_page(
    account: AccountView, problems: tuple[Problem, ...], *, is_needed: bool = False
) -> PasswordPage:
    """The page that asks for another password; ``is_needed`` when nothing goes on without one."""
    why = ""
    if is_needed or account.state == "refused":
        why = _(
            "The stored password cannot be used any more. We send nothing to the server until you have "
            "typed the password again."
        )
    return PasswordPage(account.id, account_name(account), account_detail(account), problems, why)
