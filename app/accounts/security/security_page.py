"""What is said about how somebody signs in."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from app.accounts.passkeys.values import MOST_PASSKEYS, OwnPasskey
from app.accounts.proofs.passwords import LONGEST, SHORTEST
from app.accounts.values import SignedIn
from app.lib import wording


@dataclass(frozen=True, slots=True)
class PasskeyRow:
    """A passkey in the list."""

    id: str
    name: str
    made: str
    used: str


def passkey_rows(passkeys: Sequence[OwnPasskey], user: SignedIn, language: str) -> tuple[PasskeyRow, ...]:
    """The list, with days in the person's zone."""

    def row(item: OwnPasskey) -> PasskeyRow:
        made = wording.day_plain(wording.local_date(item.created_at, user.time_zone), language)
        used = _("Not used yet")
        if item.last_used_at:
            day = wording.day_plain(wording.local_date(item.last_used_at, user.time_zone), language)
            used = _("Last used: %(day)s", day=day)
        return PasskeyRow(item.public_id, item.name, _("Added on %(day)s", day=made), used)

    return tuple(row(item) for item in passkeys)


def passkey_refusal_words(reason: str) -> str:
    """Why a passkey is not taken or stays."""
    return {
        "answer": _("That did not work. Try again"),
        "known": _("This passkey is registered already"),
        "many": _("You have %(number)s passkeys already. Remove one of them first", number=MOST_PASSKEYS),
        "last": _("It is your only second factor. Set up an authenticator app or another passkey first"),
        "name": _("Enter a short, plain name"),
    }[reason]


def saved_words(key: str) -> str:
    """What was just done; empty for what was not done here."""
    return {
        "password": _("Your password is saved. You are signed out everywhere else."),
        "authenticator": _(
            "Your new authenticator app counts from now on. You are signed out everywhere else."
        ),
        "passkey": _("Your passkey is saved."),
        "passkey-removed": _("The passkey is removed. You are signed out everywhere else."),
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
