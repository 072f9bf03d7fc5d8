"""The service window in a reader's words."""

from datetime import date, timedelta

from app.lib import wording
from app.settings.values import ServiceWindow

_A_MONDAY = date(2026, 1, 5)


def weekday_name(weekday: int, language: str) -> str:
    """The short name of a weekday, counted from Monday (0)."""
    return wording.weekday_short(_A_MONDAY + timedelta(days=weekday), language)


def window_words(window: ServiceWindow, language: str) -> str:
    """ "Mon–Fri, 09:00–17:00", or "Mon, Wed, Fri, 09:00–17:00"."""
    days = [weekday_name(day, language) for day in window.days]
    is_row = len(days) > 2 and window.days[-1] - window.days[0] == len(days) - 1
    named = f"{days[0]}–{days[-1]}" if is_row else ", ".join(days)
    return f"{named}, {window.opens:%H:%M}–{window.closes:%H:%M}"
