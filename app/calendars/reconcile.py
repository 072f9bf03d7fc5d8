"""What became of an event that we wrote: our copy beside what stands in its owner's calendars now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.calendars.values import Standing
from app.ical.edited import EditedEvent, has_other_words, read_edited
from app.ical.errors import UnreadableCalendar
from app.lib.intervals import Interval

# A deletion counts after two complete looks that agree, this far apart.
BETWEEN_LOOKS = timedelta(seconds=60)
# One look that would call off more than this many, or at least two and more than half, is doubted.
_MANY, _SOME = 3, 2


class Change(StrEnum):
    """What an owner can do to an event of ours; several at once.

    MOVED: another start or another length. MOVED_CALENDAR: at another href, as a rule in another calendar
    (some servers and clients also rename within one).
    """

    MOVED = "moved"
    CHANGED_TEXT = "changed_text"
    DELETED = "deleted"
    MADE_FREE = "made_free"
    DECLINED = "declined"
    COPIED = "copied"
    MADE_RECURRING = "made_recurring"
    MOVED_CALENDAR = "moved_calendar"
    UNREADABLE = "unreadable"


# After these the event is not there any more for its owner.
OFF = frozenset({Change.DELETED, Change.DECLINED})


@dataclass(frozen=True, slots=True)
class Written:
    """An event as we last wrote it; times aware UTC, hrefs as the replica has them.

    Hrefs are paths: ``account_id`` tells two servers with the same ones apart (None: not known any more).
    """

    uid: str
    href: str
    calendar_href: str
    start: datetime
    end: datetime
    summary: str
    description: str
    etag: str
    account_id: int | None = None

    def is_at(self, item: Standing) -> bool:
        """Whether the object stands where it was written."""
        return item.href == self.href and self.account_id in {None, item.account_id}


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose calendars they are: the zone of floating times, and addresses in lower case."""

    zone: str
    addresses: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Finding:
    """What has changed (nothing: it stands as written), where the event is, and when it takes place there.

    ``place`` is None when it is deleted, ``span`` when it is deleted or cannot be read.
    """

    changes: frozenset[Change]
    place: Standing | None = None
    span: Interval | None = None

    @property
    def is_same(self) -> bool:
        """Whether it stands as it was written."""
        return not self.changes

    @property
    def is_off(self) -> bool:
        """Whether its owner has deleted or declined it."""
        return bool(self.changes & OFF)


def compare(written: Written, standing: Sequence[Standing], owner: Owner) -> Finding:
    """What the owner did to an event, from the objects that have its UID.

    One at our href is ours and the others are copies; else the best of the others is (in our calendar before
    others, then where bookings go). Of a recurring event the first occurrence counts.
    """
    here = sorted(standing, key=lambda item: _rank(item, written))
    if not here:
        return Finding(frozenset({Change.DELETED}))
    changes = set()
    place = here[0]
    if not written.is_at(place):
        changes.add(Change.MOVED_CALENDAR)
    if len(here) > 1:
        changes.add(Change.COPIED)
    try:
        there = read_edited(place.text, written.uid, owner.zone, owner.addresses)
    except UnreadableCalendar:
        return Finding(frozenset({*changes, Change.UNREADABLE}), place)
    return Finding(frozenset({*changes, *_edits(written, there)}), place, there.span)


def _rank(item: Standing, written: Written) -> tuple[bool, bool, bool, int, str]:
    return (
        not written.is_at(item),
        item.calendar_href != written.calendar_href,
        not item.receives_bookings,
        item.calendar_id,
        item.href,
    )


def _edits(written: Written, there: EditedEvent) -> set[Change]:
    found = {
        Change.MOVED: there.span != Interval(written.start, written.end),
        Change.CHANGED_TEXT: has_other_words(there, written.summary, written.description),
        Change.MADE_FREE: there.is_free,
        Change.DECLINED: there.is_off,
        Change.MADE_RECURRING: there.is_recurring,
    }
    return {change for change, holds in found.items() if holds}


def is_certain(missing_since: datetime | None, looked_at: datetime) -> bool:
    """Whether an event that was missed in an earlier complete look is gone: a later one agrees."""
    return missing_since is not None and looked_at - missing_since >= BETWEEN_LOOKS


def is_doubtful(gone: int, ahead: int) -> bool:
    """Whether so many of somebody's events ahead are gone that they are asked instead of believed."""
    return gone > _MANY or (gone >= _SOME and 2 * gone > ahead)
