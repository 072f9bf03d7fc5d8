"""What can be wrong with a calendar as a whole."""

from app.lib.errors import DomainError


class UnreadableCalendar(DomainError):
    """Nothing of the text can be trusted: not a calendar, cut off, a login page instead; never "free"."""

    status = 502
    code = "unreadable-calendar"
