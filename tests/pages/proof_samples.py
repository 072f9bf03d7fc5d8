"""Contexts for the pages of passwords and second factors."""

from collections.abc import Iterator
from types import SimpleNamespace

from wtforms import Form, PasswordField, StringField

from app.accounts.proofs.authenticator import in_groups, picture
from app.accounts.proofs.values import Kept
from app.mail.pages import LinkedMail
from app.portal.openid.openid_page import RefusalPage
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


class NewPasswordForm(CodeForm):
    """As the form of a new password."""

    password = PasswordField("New password")


def refused(form: Form, field: str) -> Form:
    """A form of which one field was not taken."""
    form[field].errors = ("That is not the code",)
    form.form_errors = ["refused"]
    return form


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
    title = {"title": "Make new recovery codes", "action": "/profile/security/recovery-codes"}
    yield "prove", "accounts/prove.html", {"viewer": STAFF, "form": CodeForm(), **title}
    chosen = {"viewer": STAFF, "form": NewPasswordForm(), "email": "sam@attache.example"}
    yield "new-password", "accounts/new_password.html", chosen
    yield from openid_samples()


def openid_samples() -> Iterator[Sample]:
    """Who does not come in by the OpenID provider, and who does for the first time."""
    away = "Use a sign-in link or your password, or try again in a few minutes."
    ask = "Ask an administrator of Attach\u00e9."
    for name, page in (
        ("openid-away", RefusalPage("The sign-in service cannot be reached", away, "", True, "/hours")),
        (
            "openid-refused",
            RefusalPage("You cannot sign in this way", "Your account here is disabled.", ask, False, ""),
        ),
    ):
        yield name, "accounts/openid_refused.html", {"viewer": None, "page": page}
    for part in ("txt", "html"):
        mail = LinkedMail("Attach\u00e9", "Keycloak", "sam@attache.example")
        yield f"mail-identity-linked-{part}", f"mail/identity_linked.{part}", {"mail": mail}
