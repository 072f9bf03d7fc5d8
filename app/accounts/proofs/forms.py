"""The forms of passwords and second proofs."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from app.accounts.forms import SignInForm
from app.accounts.proofs.passwords import LONGEST

_NO_CODE = _l("Enter the code")


def _password() -> PasswordField:
    return PasswordField(
        _l("Password"),
        validators=[
            InputRequired(_l("Enter your password")),
            Length(max=LONGEST, message=_l("A password has at most 200 characters")),
        ],
    )


class PasswordSignInForm(SignInForm):
    """Address and password."""

    password = _password()


class AgainByPasswordForm(FlaskForm):
    """The password of somebody who is signed in."""

    password = _password()


class CodeForm(FlaskForm):
    """A code of an authenticator, or a recovery code."""

    code = StringField(
        _l("Code from your authenticator app"),
        validators=[InputRequired(_NO_CODE), Length(max=60, message=_NO_CODE)],
    )


class NewPasswordForm(FlaskForm):
    """A new password."""

    password = PasswordField(_l("New password"), validators=[InputRequired(_l("Enter a new password"))])
