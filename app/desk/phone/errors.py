"""What can go wrong with phone calls."""

from app.lib.errors import DomainError


class NotSigned(DomainError):
    """What claims to come from the telephony provider does not bear its signature."""

    status = 403
    code = "not_signed"


class CallKnown(DomainError):
    """The call belongs to a customer already."""

    status = 409
    code = "call_known"


class NoSuchContact(DomainError):
    """No contact with this address, or none whom this person may see."""

    code = "no_such_contact"
