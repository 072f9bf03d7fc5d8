"""The pages of the settings in words: what each setting is called, and what is wrong with what was typed."""

from collections.abc import Mapping

from babel import Locale
from flask_babel import gettext as _
from flask_babel import ngettext

from app.admin.settings.pages import Input, InputGroup, SettingsPage
from app.availability.holidays import regions
from app.availability.pages import Problem
from app.settings.in_words import weekday_name
from app.settings.registry import Refused
from app.settings.values import MONDAY_TO_FRIDAY, Clock, Feature


def settings_page(
    name: str,
    typed: Mapping[str, str],
    faults: Mapping[str, Refused],
    language: str,
    *,
    is_saved: bool = False,
    outside: int = 0,
) -> SettingsPage:
    """A page as typed; that ``outside`` calls would not lie in the new window is to be confirmed."""
    groups = tuple(_told(group, typed, faults) for group in _groups(name, language))
    labels = {item.id: item.label for group in groups for item in group.inputs}
    title, intro = _titles()[name]
    return SettingsPage(
        name=name,
        title=title,
        intro=intro,
        groups=groups,
        problems=tuple(
            Problem(
                _field(part),
                f"{labels[part]}: {fault_words(fault)}" if part in labels else fault_words(fault),
            )
            for part, fault in faults.items()
        ),
        is_saved=is_saved,
        warning=_outside_words(outside) if outside else "",
        confirms=outside,
    )


def _named(label: str, words: str) -> str:
    return f"{label}: {words}" if label else words


def _field(part: str) -> str:
    return "day-0" if part == "days" else part


def _titles() -> dict[str, tuple[str, str]]:
    return {
        "organisation": (_("Organisation"), _("What customers read about you and your support.")),
        "hours": (
            _("Service hours"),
            _("Calls are offered inside these hours. Calls that are booked already stay where they are."),
        ),
        "policies": (
            _("Response times"),
            _("What is promised by severity. Requests that are open keep the times they were opened with."),
        ),
        "features": (_("Features"), _("What is switched off vanishes from all pages.")),
        "data": (_("Data"), _("How long things are kept before they are deleted for ever.")),
    }  # fmt: skip


def _groups(name: str, language: str) -> tuple[InputGroup, ...]:
    match name:
        case "organisation":
            return _organisation()
        case "hours":
            return _hours(language)
        case "policies":
            return _policies()
        case "features":
            return (InputGroup(_("Switched on"), tuple(_features())),)
    return (InputGroup(_("Days"), _retention()),)


def _told(group: InputGroup, typed: Mapping[str, str], faults: Mapping[str, Refused]) -> InputGroup:
    """The group with what was typed into it."""
    inputs = (
        Input(
            item.id,
            item.label,
            typed.get(item.id, ""),
            item.kind,
            item.hint,
            fault_words(faults[item.id]) if item.id in faults else "",
            item.choices,
        )
        for item in group.inputs
    )
    return InputGroup(group.title, tuple(inputs), group.hint)


def _organisation() -> tuple[InputGroup, ...]:
    return (
        InputGroup(
            _("Name and standard support"),
            (
                Input("organisation", _("Name"), "", hint=_("In the header of pages and mails")),
                Input("standard_chat_url", _("Standard chat"), "", hint=_("Begins with https://, or empty")),
                Input("standard_email", _("Standard support address"), ""),
            ),
        ),
        InputGroup(
            _("For companies without the option"),
            (
                Input("option_contact", _("Whom to ask for the option"), ""),
                Input("option_price", _("What it costs"), "", hint=_("Like 1,000 EUR a month, or empty")),
            ),
        ),
    )  # fmt: skip


def _hours(language: str) -> tuple[InputGroup, ...]:
    lands = Locale.parse(language).territories
    countries = sorted(((code, str(lands.get(code, code))) for code in regions()), key=lambda item: item[1])
    days = tuple(Input(f"day-{day}", weekday_name(day, language), "", "tick") for day in MONDAY_TO_FRIDAY)
    return (
        InputGroup(_("Days"), days),
        InputGroup(
            _("Time of day"),
            (
                Input("opens", _("From"), "", hint=_("Like 09:00")),
                Input("closes", _("To"), "", hint=_("Like 17:00")),
                Input("service_time_zone", _("Time zone"), "", hint=_("Like Europe/Bratislava")),
            ),
        ),
        InputGroup(
            _("Public holidays of the service"),
            (
                Input("service_country", _("Country"), "", "choice", choices=tuple(countries)),
                Input("service_region", _("Region"), "", hint=_("A code like BY, or empty")),
            ),
            _("Business time leaves them out. The holidays of specialists are those of their own country."),
        ),
    )  # fmt: skip


def severity_names() -> dict[int, tuple[str, str]]:
    """What each severity is called, and what it means."""
    return {
        1: (_("Severity 1, critical"), _("Service down or unreachable, business stopped, no way round")),
        2: (_("Severity 2, high"), _("Reachable but badly degraded")),
        3: (_("Severity 3, standard"), _("Partial loss: an integration fails, mail is not fetched")),
        4: (_("Severity 4, bug"), _("Not critical: one function misbehaves")),
        5: (_("Severity 5, question"), _("Configuration, advice, an idea for a feature")),
    }


def _policies() -> tuple[InputGroup, ...]:
    clocks = ((str(Clock.WALL), _("Every hour counts")), (str(Clock.BUSINESS), _("Business time")))
    term = _("Like 4 h or 2 d")
    groups = []
    for severity, (title, meaning) in severity_names().items():
        inputs = (
            Input(f"clock-{severity}", _("Clock"), "", "choice", choices=clocks),
            Input(f"first-{severity}", _("First response within"), "", hint=term),
            Input(f"next-{severity}", _("Next step within"), "", hint=_("Empty: kept informed")),
        )
        groups.append(InputGroup(title, inputs, meaning))
    hours = Input("callback_hours", _("Business hours"), "", "number")
    hint = _("Counted from the next opening when it was asked for out of hours.")
    return (*groups, InputGroup(_("Callbacks"), (hours,), hint))


def _features() -> list[Input]:
    names = {
        Feature.WAITING_LIST: (_("Waiting list"), _("Customers are told when a time comes free")),
        Feature.SERIES: (_("Series"), _("Customers repeat a call weekly or fortnightly")),
        Feature.SENIORS: (
            _("Senior engineers for customers"),
            _("Specialists can always bring one in"),
        ),
        Feature.PRESENCE_FEEDS: (_("Presence in calendars"), _("Links that show when the specialist is in")),
        Feature.GUESTS: (_("Colleagues"), _("Colleagues are added to a call")),
        Feature.CALLBACKS: (_("Callbacks"), _("Customers ask on a page to be rung")),
        Feature.CHAT: (_("Chat"), _("Customers write with their specialist on a page of the service")),
        Feature.API: (_("API"), _("Programs book with a token")),
    }
    return [Input(f"feature-{feature}", name, "", "tick", hint) for feature, (name, hint) in names.items()]


def _retention() -> tuple[Input, ...]:
    return (
        Input("mail_retention_days", _("Bodies of mails"), "", "number"),
        Input("audit_retention_days", _("Audit log"), "", "number"),
        Input("ended_session_days", _("Sessions that have ended"), "", "number"),
    )


def fault_words(fault: Refused) -> str:
    """What is wrong and what to write instead."""
    match fault.reason:
        case "empty":
            return _("Write something here")
        case "number":
            return _("Write a number from %(low)s to %(high)s", low=fault.low, high=fault.high)
        case "address":
            return _("Enter an e-mail address like name@company.com")
        case "link":
            return _("Write an address that begins with https://")
        case "zone":
            return _("Write the name of a time zone like Europe/Bratislava")
        case "country" | "code":
            return _("Choose a country from the list")
        case "region":
            return _("Write the code of a region of that country, or nothing")
        case "time":
            return _("Write a time like 09:00")
        case "order":
            return _("It has to end after it begins")
        case "days":
            return _("Choose at least one day")
        case "term":
            return _("Write a time like 4 h or 2 d")
        case "clock":
            return _("Choose one of the clocks")
    return _("Use at most %(limit)s characters, without control characters", limit=fault.high)


def _outside_words(count: int) -> str:
    return ngettext(
        "%(num)s booked call would lie outside the new hours. It stays as it is.",
        "%(num)s booked calls would lie outside the new hours. They stay as they are.",
        count,
    )
