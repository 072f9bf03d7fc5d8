"""The mail that tells of a sign-in from a browser that is not known."""

from dataclasses import dataclass
from datetime import datetime

from app.accounts.browsers.user_agent import read_agent
from app.accounts.links import Client
from app.accounts.values import SignedIn
from app.config import Settings
from app.lib import wording
from app.mail.draft import Draft, Party
from app.mail.wording import letter, words


@dataclass(frozen=True, slots=True)
class NewDeviceMail:
    """``moment`` in the reader's zone, ``browser`` and ``system`` as far as they are known.

    ``url`` is the page where sessions are ended, ``ask`` the address to write to.
    """

    organisation: str
    recipient: str
    moment: str
    browser: str
    system: str
    address: str
    url: str
    ask: str


def new_device(settings: Settings, now: datetime, owner: SignedIn, client: Client) -> Draft:
    """To whoever signed in, or to whose account somebody else did."""
    language, zone, agent = owner.language, owner.time_zone, read_agent(client.user_agent)
    day = wording.day_long(wording.local_date(now, zone), language)
    mail = NewDeviceMail(
        organisation=settings.organisation,
        recipient=owner.name,
        moment=f"{day}, {wording.clock(now, zone)}, {wording.zone_name(now, zone, language)}",
        browser=agent.browser,
        system=agent.system,
        address=client.address,
        url=f"{settings.public_url}/profile/sessions",
        ask=settings.standard_email,
    )
    title = words(language).gettext("New sign-in to %(organisation)s")
    subject = title % {"organisation": settings.organisation}
    return letter(settings, "new_device", mail, subject, Party(owner.email, owner.name), language)
