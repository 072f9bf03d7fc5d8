"""Calendar providers whose addresses and habits are known; every other server is found as RFC 6764 says.

Sources, as read in November 2026:
Nextcloud and Zimbra: the addresses in the caldav package's compatibility_hints; that both mail invitations
themselves, there and in our own measurements of SabreDAV; app passwords, github.com/nextcloud/twofactor_totp.
Fastmail: fastmail.com/help/technical/servernamesandports.html (an app password is needed everywhere); its
server is Cyrus, which was measured to mail invitations.
iCloud: support.apple.com/121539 (app-specific passwords, account.apple.com). Apple documents no CalDAV host;
this is the one that its own programs use. Homes stand on partition hosts (pNN-caldav.icloud.com).
mailbox.org: kb.mailbox.org, "E-mail configuration" (application passwords with two-factor authentication).
Posteo: no page of its own could be read; the address stands so in many programs' lists of providers.
Google: developers.google.com/calendar/caldav (OAuth 2.0 alone); the "Secret address in iCal format" stands
in a calendar's settings under "Integrate calendar".
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Preset:
    """A provider: ``address`` is the fixed one, else ``pattern`` shows how one looks.

    ``username`` says which name it takes: ``email``, ``login``, or ``either``; ``password`` which password:
    ``app`` (never the main one), ``app_if_two_factor``, ``app_advised`` or ``main``. ``domains`` are those of
    its mail addresses and ``hosts`` those of its servers. ``sends_invitations``: mails guests itself when an
    event names an organizer, None when not known. Texts are in presets_page.
    """

    key: str
    name: str
    address: str = ""
    pattern: str = ""
    username: str = "either"
    password: str = "app_advised"  # noqa: S105 - a kind, not a password
    domains: frozenset[str] = frozenset()
    hosts: frozenset[str] = frozenset()
    sends_invitations: bool | None = None
    is_usable: bool = True


PRESETS: tuple[Preset, ...] = (
    Preset(
        "nextcloud",
        "Nextcloud, ownCloud",
        pattern="https://cloud.example/remote.php/dav/",
        username="login",
        sends_invitations=True,
    ),
    Preset(
        "fastmail",
        "Fastmail",
        address="https://caldav.fastmail.com/",
        username="email",
        password="app",  # noqa: S106
        domains=frozenset({"fastmail.com", "fastmail.fm"}),
        hosts=frozenset({"caldav.fastmail.com"}),
        sends_invitations=True,
    ),
    Preset(
        "icloud",
        "iCloud",
        address="https://caldav.icloud.com/",
        username="email",
        password="app",  # noqa: S106
        domains=frozenset({"icloud.com", "me.com", "mac.com"}),
        hosts=frozenset({"caldav.icloud.com"}),
    ),
    Preset(
        "mailbox_org",
        "mailbox.org",
        address="https://dav.mailbox.org/",
        username="email",
        password="app_if_two_factor",  # noqa: S106
        domains=frozenset({"mailbox.org"}),
        hosts=frozenset({"dav.mailbox.org"}),
    ),
    Preset(
        "posteo",
        "Posteo",
        address="https://posteo.de:8443/",
        username="email",
        password="main",  # noqa: S106
        domains=frozenset({"posteo.de", "posteo.net", "posteo.org", "posteo.eu", "posteo.at", "posteo.ch"}),
        hosts=frozenset({"posteo.de"}),
    ),
    Preset(
        "zimbra",
        "Zimbra",
        pattern="https://mail.example/dav/",
        username="email",
        password="app_if_two_factor",  # noqa: S106
        sends_invitations=True,
    ),
    Preset(
        "google",
        "Google",
        pattern="https://apidata.googleusercontent.com/caldav/v2/",
        username="email",
        domains=frozenset({"gmail.com", "googlemail.com"}),
        hosts=frozenset({"apidata.googleusercontent.com", "calendar.google.com", "www.google.com"}),
        is_usable=False,
    ),
    Preset("other", "", pattern="https://dav.example/"),
)

_BY_DOMAIN = {domain: preset for preset in PRESETS for domain in preset.domains}
_BY_HOST = {host: preset for preset in PRESETS for host in preset.hosts}


def preset_of_domain(domain: str) -> Preset | None:
    """The provider of mail addresses of a domain, None when it is not one of the known."""
    return _BY_DOMAIN.get(domain.lower())


def preset_of_host(host: str) -> Preset | None:
    """The provider whose server a host is, None when it is not one of the known."""
    return _BY_HOST.get(host.lower())


def preset_of(key: str) -> Preset | None:
    """The provider of a key, None for an unknown one."""
    return next((preset for preset in PRESETS if preset.key == key), None)
