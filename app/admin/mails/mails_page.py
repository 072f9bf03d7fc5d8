"""Every mail that the service writes, and when it does, by who reads it."""

from flask_babel import gettext as _

from app.admin.mails.pages import MailGroup, MailKind


def mail_groups() -> tuple[MailGroup, ...]:
    """All mails, by who reads them."""
    groups = (
        (_("To contacts"), _to_contacts()),
        (_("To colleagues on a call"), _to_colleagues()),
        (_("To specialists"), _to_specialists()),
        (_("To administrators"), _to_administrators()),
        (_("To everybody"), _to_everybody()),
    )
    return tuple(
        MailGroup(title, tuple(MailKind(*item) for item in mails.items())) for title, mails in groups
    )


def mail_names() -> dict[str, str]:
    """When each mail is written, by its name."""
    return {mail.name: mail.what for group in mail_groups() for mail in group.mails}


def _to_contacts() -> dict[str, str]:
    return {
        "invitation": _("A call is booked"),
        "updated": _("A call has a new time or other facts"),
        "cancelled": _("A call is cancelled"),
        "reminder": _("A call begins soon"),
        "offer": _("A time came free for somebody in the waiting list"),
        "not_booked": _("A call could not be booked"),
        "expired": _("A call waited too long for the calendar"),
        "clash_declined": _("A call met another appointment and was declined"),
        "not_moved": _("A call could not be moved"),
        "settled": _("A call stays at its time"),
        "clash": _("Another appointment stands at the time of a call"),
        "followed": _("The specialist moved a call in their calendar"),
        "called_off": _("The specialist deleted a call from their calendar"),
        "decline_asked": _("The contact declined an invitation by mail"),
        "senior_joined": _("A senior engineer takes part"),
        "senior_gone": _("A senior engineer cannot take part"),
        "taken_over": _("Somebody else takes over a call"),
        "senior_on_it": _("A senior engineer takes what they asked about"),
        "kept": _("The specialist takes a call although they are away that day"),
        "desk_opened": _("A request is opened"),
        "desk_message": _("We wrote in a conversation; of a chat, what stays unread for three minutes"),
        "desk_severity": _("The severity of a request changes"),
        "desk_solved": _("A request is solved"),
        "desk_receipt": _("Their mail to the dedicated address is in, in service hours"),
        "desk_receipt_closed": _("Their mail to the dedicated address is in, out of hours"),
        "desk_too_large": _("Their mail to the dedicated address is too large"),
        "desk_not_entitled": _(
            "They write to the dedicated address, and their company has not booked the service"
        ),
        "callback_wrong_number": _("Nobody is there under the number of a callback"),
    }


def _to_administrators() -> dict[str, str]:
    return {
        "senior_alert": _("A request of severity 1 or 2 brings a senior engineer in"),
        "senior_unanswered": _("All senior engineers were asked, and nobody has taken it"),
        "nobody_stands_in": _("Nobody serves a company on some days"),
        "clock_warned": _("A request's clock runs out soon; to whoever serves, too"),
        "clock_breached": _("A request's clock was not met in time; to whoever serves, too"),
        "nobody_stands_in_closed": _("Nobody serves a company any more, as an account is closed"),
    }


def _to_everybody() -> dict[str, str]:
    return {
        "sign_in": _("Somebody asks for a link to sign in"),
        "address_changed": _("An account gets another e-mail address; to the one before"),
        "identity_linked": _("A provider of sign-ins lets somebody in from now on"),
        "new_device": _("Somebody signs in from a browser that is not known"),
        "transcript": _("Somebody asks for a chat by e-mail"),
        "note": _("A company passes to another specialist, step by step"),
    }


def _to_colleagues() -> dict[str, str]:
    return {
        "guest_invitation": _("They are added to a call"),
        "guest_updated": _("Their call has a new time or other facts"),
        "guest_cancelled": _("Their call is cancelled"),
        "guest_removed": _("They are taken off a call"),
        "guest_taken_over": _("Somebody else takes over a call"),
        "proposal_declined": _("The time that they proposed cannot be had"),
    }


def _to_specialists() -> dict[str, str]:
    return {
        "clash_at_home": _("Another appointment stands at the time of a call"),
        "expired_at_home": _("A call waited too long for the calendar"),
        "misplaced_at_home": _("They moved a call to where it cannot be"),
        "made_recurring_at_home": _("They made a call repeat"),
        "unreadable_at_home": _("A call cannot be read in their calendar"),
        "vanished_at_home": _("Many calls are gone from their calendar at once"),
        "moved_many_at_home": _("Many calls were moved in their calendar at once"),
        "proposed_at_home": _("A guest proposes another time"),
        "senior_asked": _("A senior engineer is asked to take something"),
        "senior_wanted": _("A customer asks for a senior engineer"),
        "senior_taken": _("A senior engineer has taken something; to administrators too when it is urgent"),
        "senior_gone_at_home": _("A senior engineer cannot take part"),
        "senior_kept_at_home": _("They moved a call that is not theirs to move"),
        "callback": _("Somebody asks to be rung, and when that is due or was not kept"),
        "taken_over_at_home": _("They take over a call"),
        "handed_on_at_home": _("Somebody else takes over their call"),
        "news_due": _("The customer of a request had no news for a business day"),
        "desk_opened_at_home": _("A customer opens a request"),
        "desk_message_at_home": _("A customer writes; of a chat, what stays unread for three minutes"),
        "desk_severity_at_home": _("The severity of a request changes"),
        "desk_astray_at_home": _("Their mail to the dedicated address reached no conversation"),
        "desk_solved_at_home": _("A customer says that a request is solved"),
    }
