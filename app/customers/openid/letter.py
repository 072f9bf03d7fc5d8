"""The mail that tells somebody of a new way into their account."""

from app.config import Settings
from app.mail.draft import Draft, Party
from app.mail.pages import LinkedMail
from app.mail.wording import letter, words


def linked_letter(settings: Settings, provider: str, address: str, name: str, language: str) -> Draft:
    """That the account can be entered by the provider from now on, in its owner's language."""
    mail = LinkedMail(settings.organisation, provider, address)
    title = words(language).gettext("You can now sign in with %(provider)s") % {"provider": provider}
    return letter(settings, "identity_linked", mail, title, Party(address, name), language)
