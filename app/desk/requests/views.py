"""The pages of requests, put together: each import adds its routes to the one blueprint."""

from app.desk.requests import views_changes as changes
from app.desk.requests import views_new as new
from app.desk.requests import views_pages as pages
from app.desk.requests.views_shared import blueprint

__all__ = ["blueprint", "changes", "new", "pages"]
