"""What somebody reads who does not come in by the OpenID provider."""

from dataclasses import dataclass

from flask_babel import gettext as _

_STATUS = {
    "busy": 503,
    "not_ready": 503,
    "unreachable": 503,
    "bad_answer": 502,
    "state": 400,
    "declined": 403,
}
_FOR_ADMINISTRATORS = {"bad_answer", "domain", "no_role", "disabled", "unverified", "unknown", "not_made"}


@dataclass(frozen=True, slots=True)
class RefusalPage:
    """What happened and what to do; ``help`` says whom to ask, and may be empty.

    ``onward`` is the local path to go to afterwards, ``can_repeat`` whether trying again may help.
    """

    title: str
    text: str
    help: str
    can_repeat: bool
    onward: str


def status_of(reason: str) -> int:
    """The HTTP status that goes with a reason."""
    return _STATUS.get(reason, 403)


def refusal_page(reason: str, provider: str, organisation: str, onward: str) -> RefusalPage:
    """The page for a reason: one of OpenidTrouble, or of a refusal of app/customers/openid."""
    if reason in {"not_ready", "unreachable"}:
        title = _("The sign-in service cannot be reached")
    elif reason in _STATUS:
        title = _("You are not signed in")
    else:
        title = _("You cannot sign in this way")
    ask = _("Ask an administrator of %(organisation)s.", organisation=organisation)
    return RefusalPage(
        title,
        _text(reason, {"provider": provider, "organisation": organisation}),
        ask if reason in _FOR_ADMINISTRATORS else "",
        reason in _STATUS,
        onward,
    )


def _text(reason: str, names: dict[str, str]) -> str:
    away = _("Use a sign-in link or your password, or try again in a few minutes.")
    return {
        "busy": _("Many people are signing in at the moment. Try again in a few seconds."),
        "not_ready": away,
        "unreachable": away,
        "bad_answer": _("%(provider)s gave an answer that cannot be trusted. Use a sign-in link.", **names),
        "state": _("This sign-in was begun in another browser, was used already, or is too old. Begin anew."),
        "declined": _("%(provider)s did not let you in, or you cancelled.", **names),
        "domain": _("%(provider)s knows you by an address that may not sign in here.", **names),
        "no_role": _("%(provider)s says that you are in no group that works here.", **names),
        "disabled": _("Your account here is disabled."),
        "contact": _("Customers of %(organisation)s sign in with a link that we e-mail to them.", **names),
        "unverified": _("%(provider)s did not confirm that your e-mail address is yours.", **names),
        "unknown": _("Nobody who works here has your e-mail address."),
        "not_made": _("No account can be made with the name or address that %(provider)s has.", **names),
    }[reason]
