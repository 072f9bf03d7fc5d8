"""What can stand between a contact and a series of calls."""

from collections.abc import Sequence

from app.booking.errors import OtherServes
from app.booking.offers.wish import Wishes
from app.booking.series.values import CallWithAnother, PlannedCall
from app.lib.errors import DomainError


class SeriesRefused(DomainError):
    """No series can be meant by this.

    ``reason``: ``series_weeks`` (neither weekly nor fortnightly), ``series_count`` (not 2 to 12 calls),
    ``series_short`` (fewer than two until the last day), ``series_start`` (another start than the planned
    ones), ``series_empty`` (every call is left out).
    """

    code = "series_refused"

    def __init__(self, reason: str) -> None:
        super().__init__(f"no series: {reason}")
        self.reason = reason


class SeriesConflict(DomainError):
    """Some of the calls cannot be booked, so none was; ``conflicts`` are those, with times near them.

    ``wishes`` know whom these times are with.
    """

    status = 409
    code = "series_conflict"

    def __init__(self, conflicts: Sequence[PlannedCall], wishes: Wishes) -> None:
        super().__init__(f"{len(conflicts)} calls of the series cannot be booked")
        self.conflicts = tuple(conflicts)
        self.wishes = wishes


class SeriesWithOthers(DomainError):
    """Somebody else takes some of the calls now than whoever asks was shown, so none was booked.

    ``wishes`` as of SeriesConflict.
    """

    status = 409
    code = OtherServes.code

    def __init__(self, with_others: Sequence[CallWithAnother], wishes: Wishes) -> None:
        super().__init__(f"{len(with_others)} calls of the series are with others than was shown")
        self.with_others = tuple(with_others)
        self.wishes = wishes
