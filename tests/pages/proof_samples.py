"""Contexts for the pages of passwords and second factors."""

from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace

from wtforms import Form, PasswordField, StringField

from app.accounts.browsers.sessions_page import SessionRow, SessionsPage
from app.accounts.passkeys.ceremony import Reach
from app.accounts.proofs.authenticator import in_groups, picture
from app.accounts.proofs.values import Kept
from app.accounts.security.security_page import PasskeyRow
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


class NewPasswordForm(Form):
    """As the form of a new password."""

    password = PasswordField("New password")


HERE, NUMBER = Reach(True, ""), Reach(False, "")
ELSEWHERE = Reach(False, "http://localhost:8000")


def refused(form: Form, field: str) -> Form:
    """A form of which one field was not taken."""
    form[field].errors = ("That is not the code",)
    form.form_errors = ["refused"]
    return form


def again_samples() -> Iterator[Sample]:
    """Whoever signed in a while ago: with what they have."""
    nothing, wrong = {"code": CodeForm(), "password": PasswordForm()}, refused(CodeForm(), "code")
    onward = {"next": "/calendar-links", "is_refused": True, "cancel": "/calendar-links", "is_staff": True}
    onward |= {"problem": "", "reach": HERE}
    for name, facts in (
        ("contact", {"kept": Kept(False, False, 0), "is_staff": False}),
        ("both", {"kept": Kept(True, True, 9), "is_refused": False}),
        ("wrong", {"kept": Kept(False, True, 9), "code": wrong}),
        ("password", {"kept": Kept(True, False, 0)}),
        ("passkey", {"kept": Kept(True, True, 9, 2), "problem": "This passkey was not taken."}),
        ("elsewhere", {"kept": Kept(True, True, 9, 2), "reach": ELSEWHERE}),
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


def setting_samples() -> Iterator[Sample]:
    """What somebody has set up, and their passkeys."""
    phone = PasskeyRow("k1", "Phone", "Added on 12 November", "Last used: 24 November")
    for name, kept in (("security", Kept(True, True, 9, 1)), ("security-new", Kept(False, False, 1))):
        saved = ["Your password is saved. You are signed out everywhere else."] if kept.has_password else []
        rows = {"passkeys": (phone,) if kept.passkeys else (), "can_add": kept.has_totp, "reach": HERE}
        sample = {"viewer": STAFF, "kept": kept, "saved": saved, **rows}
        yield name, "accounts/security.html", sample
        yield f"{name}-number", "accounts/security.html", sample | {"reach": NUMBER}
        yield f"{name}-elsewhere", "accounts/security.html", sample | {"reach": ELSEWHERE}
    for name, is_last, problem in (
        ("passkey", False, ""),
        ("passkey-last", True, ""),
        ("passkey-name", False, "Enter a short, plain name"),
    ):
        key = {"passkey": SimpleNamespace(public_id="k1", name="Phone"), "is_last": is_last}
        yield name, "accounts/passkey.html", {"viewer": STAFF, "problem": problem, **key}
    for name, problem in (("new-passkey", ""), ("new-passkey-wrong", "That did not work. Try again")):
        yield name, "accounts/new_passkey.html", {"viewer": STAFF, "problem": problem}


def samples() -> Iterator[Sample]:
    """Signing in as staff, and what they change later."""
    for name, password_form in (
        ("password", PasswordForm()),
        ("password-wrong", refused(PasswordForm(), "password")),
    ):
        yield name, "accounts/password.html", {"viewer": None, "form": password_form, "next": "/hours"}
    both = SimpleNamespace(has_totp=True, has_passkey=True)
    for name, form, facts in (
        ("second", CodeForm(), {"step": SimpleNamespace(has_totp=True, has_passkey=False)}),
        ("second-wrong", refused(CodeForm(), "code"), {"step": both}),
        ("second-passkey", CodeForm(), {"step": SimpleNamespace(has_totp=False, has_passkey=True)}),
        ("second-refused", CodeForm(), {"step": both, "problem": "This passkey was not taken."}),
        ("second-elsewhere", CodeForm(), {"step": both, "reach": ELSEWHERE}),
        ("second-dead", CodeForm(), {"is_dead": True}),
    ):
        context = {"viewer": None, "form": form, "is_dead": False, "problem": "", "reach": HERE, **facts}
        yield name, "accounts/second.html", context
    seed = {"picture": picture(SEED, "sam@attache.example", "Attach\u00e9"), "secret": in_groups(SEED)}
    for name, form, takes, problem in (
        ("enrol", CodeForm(), True, ""),
        ("enrol-wrong", refused(CodeForm(), "code"), False, ""),
        ("enrol-refused", CodeForm(), True, "Enter a short, plain name"),
    ):
        context = {"viewer": None, "form": form, "action": "/sign-in/enrol", **seed}
        taken = {"takes_passkey": takes, "problem": problem}
        yield name, "accounts/authenticator.html", {**context, **taken}
    codes = {"viewer": None, "codes": CODES, "onward": "/schedule"}
    yield "recovery-codes", "accounts/recovery_codes.html", codes
    yield from setting_samples()
    yield "renew-codes", "accounts/renew_codes.html", {"viewer": STAFF}
    yield from again_samples()
    yield from session_samples()
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
