"""The mail that tells an old address of the new one."""

from dataclasses import dataclass

from app.config import Settings
from app.mail.draft import Draft, Party
from app.mail.wording import letter, words


@dataclass(frozen=True, slots=True)
class AddressMail:
    """``recipient`` is whose account it is, ``ask`` the address to write to when it was not meant."""

    organisation: str
    recipient: str
    ask: str


def address_changed(settings: Settings, address: str, name: str, language: str) -> Draft:
    """To the address that an account had before; it does not say the new one."""
    mail = AddressMail(settings.organisation, name, settings.standard_email)
    title = words(language).gettext("Your address at %(organisation)s was changed")
    subject = title % {"organisation": settings.organisation}
    return letter(settings, "address_changed", mail, subject, Party(address, name), language)
