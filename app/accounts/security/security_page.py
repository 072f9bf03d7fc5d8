"""What is said about how somebody signs in."""

from flask_babel import gettext as _

from app.accounts.proofs.passwords import LONGEST, SHORTEST


def saved_words(key: str) -> str:
    """What was just done; empty for what was not done here."""
    return {
        "password": _("Your password is saved. You are signed out everywhere else."),
        "authenticator": _(
            "Your new authenticator app counts from now on. You are signed out everywhere else."
        ),
    }.get(key, "")


def refusal_words(reason: str) -> str:
    """Why a password cannot be taken, and what to do."""
    return {
        "short": _(
            "Use at least %(number)s characters; a few words in a row are easy to keep in mind",
            number=SHORTEST,
        ),
        "long": _("Use at most %(number)s characters", number=LONGEST),
        "personal": _("Use something else than your name or address"),
        "common": _("Many people use this password, so it is guessed first. Use another one"),
    }[reason]
