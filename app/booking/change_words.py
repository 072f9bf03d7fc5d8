"""Until when a contact may move and cancel a call, in one sentence, for pages and mails."""

from collections.abc import Callable


def change_words(_: Callable[[str], str], move: str, cancel: str) -> str:
    """The sentence, translated by ``_``; ``move`` and ``cancel`` are moments, empty when it is too late."""
    if not (move or cancel):
        return ""
    if not cancel:
        return _("You can move the call until %(moment)s.") % {"moment": move}
    if not move:
        return _("You can cancel the call until %(moment)s.") % {"moment": cancel}
    if move == cancel:
        return _("You can move or cancel until %(moment)s.") % {"moment": move}
    moments = {"move": move, "cancel": cancel}
    return _("You can move the call until %(move)s, cancel it until %(cancel)s.") % moments


def passed_on_words(_: Callable[[str], str], other: str, *, is_gone: bool) -> str:
    """Who has the call from now on, if it ``is_gone``, else who had it until now."""
    text = _("%(name)s takes the call from now on.") if is_gone else _("Until now it was with %(name)s.")
    return text % {"name": other}
