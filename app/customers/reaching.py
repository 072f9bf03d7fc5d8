"""Where customers reach a specialist: at the service's own address and number, where it has them."""

from app.config import Settings
from app.lib.phone_numbers import international


def mail_to(settings: Settings, own: str) -> str:
    """The mailbox that is read, in place of a specialist's ``own`` address."""
    return settings.desk_address if settings.reads_answers else own


def number_to(settings: Settings, own: str) -> str:
    """The provider's number, in place of a specialist's ``own``, which customers never learn then."""
    return international(settings.phone.number) if settings.phone else own
