"""The switch that has guests written into our events, in the owner's words."""

from flask_babel import gettext as _

from app.calendars.pages.page_values import GuestSwitch
from app.calendars.values import AccountView


def guest_switch(account: AccountView) -> GuestSwitch | None:
    """The switch of an account; None where no calls are written."""
    if not any(item.receives_bookings for item in account.calendars):
        return None
    if not account.invites_guests:
        text = _("Entries name the customer in their notes and list nobody as a guest.")
    elif account.is_quiet is None:
        text = _("We are asking the server whether it mails guests by itself. Until then nobody is listed.")
    elif account.is_quiet:
        text = _("Entries that are written from now on list the guests with their answers.")
    else:
        text = _(
            "This server says that it mails guests by itself, or could not be asked. They would get two "
            "invitations, so nobody is listed."
        )
    return GuestSwitch(account.invites_guests, text)
