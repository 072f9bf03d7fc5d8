"""Contexts for the pages of passwords and second factors."""

from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace

from wtforms import Form, PasswordField, StringField

from app.accounts.browsers.sessions_page import SessionRow, SessionsPage
from app.accounts.proofs.authenticator import in_groups, picture
from app.accounts.proofs.values import Kept
from tests.pages.shared_samples import Sample

STAFF = SimpleNamespace(role="specialist")
SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
CODES = [f"k7mp-x3va-9cde-w2{number}4" for number in range(10)]


class PasswordForm(Form):
    """As the form of the first proof."""

    email = StringField("E-mail address")
    password = PasswordField("Password")


class CodeForm(Form):
    """As the form of the second proof."""

    code = StringField("Code from your authenticator app")


class NewPasswordForm(Form):
    """As the form of a new password."""

    password = PasswordField("New password")


def refused(form: Form, field: str) -> Form:
    """A form of which one field was not taken."""
    form[field].errors = ("That is not the code",)
    form.form_errors = ["refused"]
    return form


def again_samples() -> Iterator[Sample]:
    """Whoever signed in a while ago: with what they have."""
    nothing, wrong = {"code": CodeForm(), "password": PasswordForm()}, refused(CodeForm(), "code")
    onward = {"next": "/calendar-links", "is_refused": True, "cancel": "/calendar-links", "is_staff": True}
    for name, facts in (
        ("contact", {"kept": Kept(False, False, 0), "is_staff": False}),
        ("both", {"kept": Kept(True, True, 9), "is_refused": False}),
        ("wrong", {"kept": Kept(False, True, 9), "code": wrong}),
        ("password", {"kept": Kept(True, False, 0)}),
        ("nothing", {"kept": Kept(False, False, 0)}),
    ):
        yield f"again-{name}", "accounts/again.html", {"viewer": STAFF, **nothing, **onward, **facts}


def session_samples() -> Iterator[Sample]:
    """Where Sam is signed in, and was."""
    how = "password, authenticator app"
    row = SessionRow(
        "s1", "Firefox on Linux", "192.0.2.7", "Tue 24 Nov, 10:02", how, "Tue 24 Nov, 10:11", True
    )
    other = replace(row, id="s2", browser="Safari on iPhone", address="2001:db8::7", is_own=False)
    bare = replace(other, id="s3", browser="Unknown browser", address="")
    for name, page in (
        ("sessions", SessionsPage((row, other), (bare,), 17, True, "That session is ended.")),
        ("sessions-one", SessionsPage((row,), (), None, True)),
        ("sessions-older", SessionsPage((), (bare, other), None, False)),
    ):
        yield name, "accounts/sessions.html", {"viewer": STAFF, "page": page}


def samples() -> Iterator[Sample]:
    """Signing in as staff, and what they change later."""
    for name, password_form in (
        ("password", PasswordForm()),
        ("password-wrong", refused(PasswordForm(), "password")),
    ):
        yield name, "accounts/password.html", {"viewer": None, "form": password_form, "next": "/hours"}
    for name, form, is_dead in (
        ("second", CodeForm(), False),
        ("second-wrong", refused(CodeForm(), "code"), False),
        ("second-dead", CodeForm(), True),
    ):
        yield name, "accounts/second.html", {"viewer": None, "form": form, "is_dead": is_dead}
    seed = {"picture": picture(SEED, "sam@attache.example", "Attach\u00e9"), "secret": in_groups(SEED)}
    for name, form in (("enrol", CodeForm()), ("enrol-wrong", refused(CodeForm(), "code"))):
        context = {"viewer": None, "form": form, "action": "/sign-in/enrol", **seed}
        yield name, "accounts/authenticator.html", context
    codes = {"viewer": None, "codes": CODES, "onward": "/schedule"}
    yield "recovery-codes", "accounts/recovery_codes.html", codes
    for name, kept in (("security", Kept(True, True, 9)), ("security-new", Kept(False, True, 1))):
        saved = ["Your password is saved. You are signed out everywhere else."] if kept.has_password else []
        yield name, "accounts/security.html", {"viewer": STAFF, "kept": kept, "saved": saved}
    yield "renew-codes", "accounts/renew_codes.html", {"viewer": STAFF}
    yield from again_samples()
    yield from session_samples()
    chosen = {"viewer": STAFF, "form": NewPasswordForm(), "email": "sam@attache.example"}
    yield "new-password", "accounts/new_password.html", chosen
