"""What speaks against a time that the specialist chose for a call."""

from app.mail.wording import words
from app.settings.in_words import window_words
from app.settings.values import ServiceWindow


def objection(why: str, language: str, window: ServiceWindow) -> str:
    """The sentence for a word; empty for a time that the event is put back from."""
    _ = words(language).gettext
    match why:
        case "length":
            return _("The call has to keep its length.")
        case "past":
            return _("That time is over.")
        case "window" | "hours":
            hours = window_words(window, language)
            return _("Calls take place inside the service's hours: %(hours)s, the service's time.") % {
                "hours": hours
            }
        case "holiday":
            return _("That is a public holiday.")
        case "time_off":
            return _("You have time off then.")
        case "horizon":
            return _("That is further ahead than the calendar is read.")
        case "taken":
            return _("Another call is booked then, or its buffer.")
        case "kept":
            return ""
        case "senior":
            return _("The senior engineer who takes part is not free then.")
    return _("Something else stands in your calendar then.")
