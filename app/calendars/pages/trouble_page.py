"""What is wrong with a calendar server and what to do about it, in the reader's words.

Nothing here comes from the server: neither status nor header, body or time taken (requirement 37).
"""

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from app.calendars.errors import (
    BadAnswer,
    CalendarTrouble,
    Changed,
    CredentialsRefused,
    Gone,
    NoRight,
)

Words = tuple[LazyString, LazyString]

# What happened, and what to do, by the reason of a failed look-up.
TROUBLES: dict[str, Words] = {
    "not_reached": (
        _("The calendar server could not be reached"),
        _("Check the address. If it is right, the server may be down: try again in some minutes."),
    ),
    "slow": (
        _("The calendar server took too long"),
        _("Nothing was connected. Try again in some minutes."),
    ),
    "address_refused": (
        _("That address must not be called"),
        _("Only https on port 443 or 8443 of a public server is called; others the operator has to allow."),
    ),
    "certificate": (
        _("The server's certificate is not valid"),
        _(
            "It is out of date, for another name, or not signed by a known authority. Nothing was sent. Tell "
            "whoever runs the server."
        ),
    ),
    "credentials": (
        _("User name or password was refused"),
        _("Many providers need an app password here: create one in your account there and type it again."),
    ),
    "not_caldav": (
        _("There is no CalDAV server at that address"),
        _("Use the address that your provider names for CalDAV, or choose your provider from the list."),
    ),
    "needs_oauth": (
        _("This provider does not let other programs in by password"),
        _(
            "It asks for OAuth, which cannot be used here. Subscribe to the calendar's secret iCal address "
            "instead: its events then count as busy time."
        ),
    ),
    "needs_digest": (
        _("The server asks for Digest passwords"),
        _("Only Basic over https is spoken here. In Baïkal, change “WebDAV authentication type” to Basic."),
    ),
    "no_right": (
        _("You have no right to write there"),
        _("Choose a calendar of your own, or ask its owner for the right to write."),
    ),
    "unreadable": (
        _("The server's answer cannot be read"),
        _("Nothing of it was used. Try again; if it stays so, tell whoever runs the server."),
    ),
    "not_a_calendar": (
        _("There is no calendar file at that address"),
        _("Copy the whole address of the calendar in iCal format (it often ends in .ics)."),
    ),
    "too_large": (
        _("The calendar file is too large"),
        _("Files of up to 8 MiB are read. Publish a calendar with fewer past events."),
    ),
}

# What is wrong with an address or a name as typed, in one sentence beside its field.
ADDRESSES: dict[str, LazyString] = {
    "empty": _("Enter the address of the calendar server, or your e-mail address."),
    "unreadable": _("This cannot be read as an address. Enter one like https://cloud.example.com/"),
    "credentials": _("Leave user name and password out of the address; they have fields of their own."),
    "http": _("The address has to begin with https://, so that nobody on the way reads your password."),
    "port": _("We call servers only at port 443 or 8443. Enter an address without another port."),
    "file": _("This is the address of a calendar file: subscribe to it instead."),
    "username": _("Enter your user name at that server."),
    "password": _("Enter a password of at most 500 characters."),
}


def reason_of(trouble: CalendarTrouble) -> str:
    """The word for what a person is told of a trouble: a key of TROUBLES."""
    if trouble.reason in TROUBLES:
        return trouble.reason
    if isinstance(trouble, CredentialsRefused):
        return "credentials"
    if isinstance(trouble, NoRight):
        return "no_right"
    if isinstance(trouble, Gone | Changed):
        return "not_caldav"
    return "unreadable" if isinstance(trouble, BadAnswer) else "not_reached"


def trouble_words(reason: str) -> tuple[str, str]:
    """What happened and what to do, for the reason of a failed look-up."""
    happened, advice = TROUBLES.get(reason, TROUBLES["not_reached"])
    return str(happened), str(advice)


def address_words(reason: str) -> str:
    """What is wrong with what was typed, for the reason of a BadAddress."""
    return str(ADDRESSES.get(reason, ADDRESSES["unreadable"]))


def address_field(reason: str) -> str:
    """The field that a BadAddress is about: ``address``, ``username`` or ``password``."""
    return reason if reason in {"username", "password"} else "address"
