"""The calendar pages, put together: each import adds its routes to the one blueprint."""

from app.calendars.pages import views_accounts, views_connect
from app.calendars.pages.views_shared import blueprint

__all__ = ["blueprint", "views_accounts", "views_connect"]
