"""A series of calls that was booked, in the words of one reader."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _

from app.accounts.values import SignedIn
from app.booking.call_page import page_status, team
from app.booking.in_words import Reader, day_and_time, day_name, first_name, leaf, length_name, service_time
from app.booking.lifecycle import Event, is_possible, who_in
from app.booking.pages import SeriesLine
from app.booking.series.pages import SeriesPage, SeriesRow
from app.booking.series.review_page import every, place_words
from app.booking.series.values import SeriesValue
from app.booking.values import CallValue
from app.lib import wording


def series_line(call: CallValue) -> SeriesLine | None:
    """The line on a call's own page; nothing for a call that stands alone."""
    if call.series is None:
        return None
    number, total = call.series.number, call.series.total
    return SeriesLine(
        call.series.public_id, _("Call %(number)s of %(total)s in a series", number=number, total=total)
    )


def series_page(
    series: SeriesValue,
    viewer: SignedIn,
    reader: Reader,
    now: datetime,
    *,
    is_new: bool = False,
    is_cancelled: bool = False,
) -> SeriesPage:
    """The series; its contact can cancel the rest of it, everybody else reads."""
    calls = series.calls
    is_contact = viewer.id == series.contact_id
    other = calls[0].contact_name if viewer.is_staff else calls[0].specialist.name
    rows = tuple(_row(call, reader, now) for call in calls)
    statuses = [row.status for row in rows]
    rest = [call for call in calls if is_contact and _can_cancel(call, viewer, now)]
    ahead = [call for call in calls if call.is_active and call.start > now]
    waits = "pending" in statuses or any(call.move and call.is_active for call in calls)
    return SeriesPage(
        id=series.public_id,
        title=_title(statuses, first_name(other), is_new=is_new),
        with_name=other,
        with_first_name=first_name(other),
        call_type=calls[0].call_type_name(reader.language),
        every=every(series.weeks),
        place=place_words(reader),
        state=" ".join(statuses),
        rows=rows,
        waits=waits,
        viewer="contact" if is_contact else "specialist",
        rest=tuple(day_and_time(call.start, reader) for call in rest),
        kept=tuple(day_and_time(call.start, reader) for call in ahead if is_contact and call not in rest),
        lost=statuses.count("clash"),
        is_new=is_new,
        is_cancelled=is_cancelled and not rest,
    )


def _can_cancel(call: CallValue, viewer: SignedIn, now: datetime) -> bool:
    return is_possible(call, Event.CANCEL, who_in(call, viewer), now)


def _title(statuses: Sequence[str], name: str, *, is_new: bool) -> str:
    if is_new and "pending" in statuses:
        return _("Your times are reserved")
    if is_new and set(statuses) == {"confirmed"}:
        return _("Your calls are booked")
    return _("Your series of calls with %(name)s", name=name)


def _row(call: CallValue, reader: Reader, now: datetime) -> SeriesRow:
    place = call.series
    return SeriesRow(
        id=call.public_id,
        leaf=leaf(call.start, reader),
        title=_("Call %(number)s of %(total)s", number=place.number, total=place.total) if place else "",
        day=day_name(call.start, reader, now),
        time=wording.clock(call.start, reader.zone),
        service=service_time(call.start, reader),
        length=length_name(call.length),
        status=page_status(call),
        team=team(call),
    )
