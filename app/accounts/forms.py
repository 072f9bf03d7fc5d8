"""The form of signing in."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField
from wtforms.validators import Email, InputRequired, Length

_ADDRESS_HELP = _l("Enter an e-mail address like name@company.com")


def _tidy(text: str | None) -> str:
    return (text or "").strip().lower()


class SignInForm(FlaskForm):
    """Asks for the address that the link goes to."""

    email = EmailField(
        _l("E-mail address"),
        filters=[_tidy],
        validators=[
            InputRequired(_ADDRESS_HELP),
            Length(max=254, message=_ADDRESS_HELP),
            Email(_ADDRESS_HELP),
        ],
    )
