"""Hints for the calendar providers that are known, in the reader's words."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from app.calendars.connecting.presets import PRESETS, Preset

_USERNAMES: dict[str, LazyString] = {
    "email": _("The user name is your whole e-mail address there."),
    "login": _("The user name is the one you sign in with, not always your e-mail address."),
    "either": _("The user name is the one you sign in with, often your e-mail address."),
}
_PASSWORDS: dict[str, LazyString] = {
    "app": _("Your main password is not taken: create an app password."),
    "app_if_two_factor": _("With two-factor sign-in create an app password; without it your own is taken."),
    "app_advised": _("Best create an app password for this alone, so that you can revoke it."),
    "main": _("There are no app passwords: your own password is taken and kept sealed."),
}
# Where a provider keeps its app passwords, or what to do instead.
_WHERE: dict[str, LazyString] = {
    "nextcloud": _("Settings, Security, Devices & sessions: create a new app password."),
    "fastmail": _("Settings, Privacy & Security, app passwords: create one with access to calendars."),
    "icloud": _(
        "account.apple.com, Sign-In and Security, App-Specific Passwords. The server then names another "
        "address of icloud.com, which you confirm."
    ),
    "mailbox_org": _("All settings, Security, Application passwords."),
    "zimbra": _("Preferences, Accounts: add an application code, if two-factor sign-in is on."),
    "google": _(
        "Google lets other programs in by OAuth alone, so it cannot be connected. In Google Calendar, "
        "Settings of the calendar, Integrate calendar, copy the secret address in iCal format and "
        "subscribe to it: its events then count as busy time."
    ),
}
_OTHER = _("Another server")
_INVITES = _(
    "This provider mails invitations itself for events with guests; the calls that we write name none."
)


@dataclass(frozen=True, slots=True)
class PresetHints:
    """A provider as a page shows it: ``address`` fixed or as an example, and what to know."""

    key: str
    name: str
    address: str
    is_example: bool
    is_usable: bool
    hints: tuple[str, ...]


def preset_hints(preset: Preset) -> PresetHints:
    """One provider with its hints."""
    hints: list[LazyString] = []
    if preset.is_usable:
        hints += [_USERNAMES[preset.username], _PASSWORDS[preset.password]]
    if preset.key in _WHERE:
        hints.append(_WHERE[preset.key])
    if preset.is_usable and preset.sends_invitations:
        hints.append(_INVITES)
    return PresetHints(
        key=preset.key,
        name=preset.name or str(_OTHER),
        address=preset.address or preset.pattern,
        is_example=not preset.address,
        is_usable=preset.is_usable,
        hints=tuple(str(hint) for hint in hints),
    )


def all_presets() -> list[PresetHints]:
    """Every provider, in the order of the table."""
    return [preset_hints(preset) for preset in PRESETS]
