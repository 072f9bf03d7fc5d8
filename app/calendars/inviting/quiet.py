"""Which servers leave the guests of an event in peace."""

from collections.abc import Iterable


def is_quiet(features: Iterable[frozenset[str]]) -> bool:
    """Whether a CalDAV server announces scheduling nowhere (RFC 6638, 2; ``calendar-schedule`` in drafts).

    One that announces it may mail guests whatever SCHEDULE-AGENT says, as SOGo was measured to do. What is
    not known to be quiet is not.
    """
    told = list(features)
    return bool(told) and all(
        "calendar-access" in words and not any("schedul" in word for word in words) for words in told
    )
