"""The mails that the service writes, to look at with sample values."""

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from app.accounts.errors import NotFound
from app.accounts.guards import current_settings, locale_of, may
from app.accounts.rights import Right
from app.admin.mails.mails_page import mail_groups, mail_names
from app.admin.mails.pages import PreviewPage
from app.admin.mails.previews import sample, template_of
from app.mail.wording import Wording, render

blueprint = Blueprint("mails", __name__)

# A mail brings its own style and nothing else: no script, picture, form or frame.
MAIL_POLICY = {
    "default-src": "'none'",
    "style-src": "'unsafe-inline'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
    "sandbox": "",
}


@blueprint.get("/settings/mails")
@may(Right.KEEP_SETTINGS)
def mails() -> str:
    """All mails, and when each is written."""
    return render_template("admin/settings/mails.html", groups=mail_groups())


@blueprint.get("/settings/mails/<name>")
@may(Right.KEEP_SETTINGS)
def preview(name: str) -> str:
    """The text of a mail."""
    page = PreviewPage(name, _what(name), _language(), _rendered(name).text)
    return render_template("admin/settings/mail.html", page=page)


@blueprint.get("/settings/mails/<name>/html")
@may(Right.KEEP_SETTINGS)
def html(name: str) -> ResponseReturnValue:
    """The HTML part of a mail, as a page of its own in which nothing can act."""
    return Response(_rendered(name).html, content_type="text/html; charset=utf-8")


html.talisman_view_options = {"content_security_policy": MAIL_POLICY}  # type: ignore[attr-defined]


def _what(name: str) -> str:
    found = mail_names().get(name)
    if found is None:
        raise NotFound(f"no mail {name!r}")
    return found


def _language() -> str:
    asked = request.args.get("language", "")
    return asked if asked in current_settings().languages else locale_of()


def _rendered(name: str) -> Wording:
    _what(name)
    language = _language()
    return render(template_of(name), language, sample(name, language, current_settings().organisation))
