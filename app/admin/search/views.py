"""The one search of administrators: companies, people, calls, requests."""

from typing import Any

from flask import redirect, render_template, url_for

from app.accounts.guards import may, record_view
from app.accounts.rights import Right
from app.admin.search.search_page import call_hit, company_hit, person_hit, request_hit, search_page
from app.admin.views_blueprint import blueprint
from app.admin.views_records import Answer, asked_text, reader
from app.booking.finding.queries import calls
from app.customers.finding.queries import companies, people
from app.desk.today.queries import requests_named
from app.lib.db import db

_LIMIT = 20


@blueprint.get("/search")
@may(Right.KEEP_COMPANIES)
def search() -> Answer:
    """What fits; straight on to it when it is the only one."""
    text, session = asked_text(), db.session()
    hits = []
    if text:
        record_view("searched", "search")
        hits += [call_hit(found, reader()) for found in calls(session, text)]
        hits += [request_hit(found) for found in requests_named(session, text)]
        hits += [company_hit(found) for found in companies(session, text, _LIMIT)]
        hits += [person_hit(found) for found in people(session, text, _LIMIT)]
    if len(hits) == 1:
        (hit,) = hits
        address: dict[str, Any] = {hit.key: hit.id}
        return redirect(url_for(hit.endpoint, **address), 303)
    return render_template("admin/search.html", page=search_page(text, hits, _LIMIT))
