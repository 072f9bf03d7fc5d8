"""The availability editor: weekly hours with their preview, and time off."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import TypeVar

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.accounts.errors import NotFound
from app.accounts.guards import current_settings, locale_of, may, signed_in_user
from app.accounts.rights import Right
from app.availability import service, service_hours
from app.availability.errors import CalendarAway
from app.availability.forms import read_time_off
from app.availability.hours_edit import CONFLICT, WAITING, WEEK, Edit
from app.availability.hours_page import (
    Colour,
    calendar_pill,
    conflict_page,
    hours_days,
    other_titles,
    outcome_words,
    place_words,
    problem_list,
    stand_in_choices,
    week_total,
)
from app.availability.hours_plan import left_alone, ranges_of, version_of
from app.availability.pages import HoursPage, Preview, TimeOffForm, TimeOffRow
from app.availability.preview_page import (
    PREVIEW_RULES,
    PreviewOnly,
    closed_preview,
    next_week,
    preview_of,
    span_of,
    time_off_id,
    time_off_rows,
)
from app.availability.time_off.naming import unknown_names
from app.availability.weekly import (
    KEYS,
    RowProblem,
    Week,
    add_row,
    check_week,
    copy_day,
    read_week,
    remove_row,
    week_of,
)
from app.customers import service as customers
from app.ical.hours import WeeklyRange
from app.lib import clock, wording
from app.lib.db import db, write
from app.lib.intervals import Interval
from app.lib.waiting import watch
from app.lib.zones import local

blueprint = Blueprint("availability", __name__)

Answer = str | Response | tuple[str, int]
T = TypeVar("T")

_HOLIDAYS_AHEAD = 60


class _Desk:
    """Who edits, and what stands in their calendar, for one request."""

    def __init__(self) -> None:
        self.now = clock.now()
        self.user = signed_in_user()
        self.settings = current_settings()
        self.language = locale_of()
        self.zone = self.user.time_zone
        self.specialist = customers.specialist_profile(db.session(), self.user.id)
        self.existing = service_hours.current_hours(db.session(), self.user.id, self.zone)
        everybody = customers.specialists(db.session())
        self.others = [person for person in everybody if person.user_id != self.user.id]
        self.waiting = service_hours.waiting_edits(db.session(), self.user.id)

    @property
    def current(self) -> tuple[WeeklyRange, ...]:
        """The hours in the calendar, or those that are on their way to it."""
        saved = [edit.ranges for edit in self.waiting if edit.kind == WEEK]
        return saved[-1] if saved else ranges_of(self.existing)

    def preview(self, wanted: Sequence[WeeklyRange]) -> Preview:
        """What next week looks like with these hours."""
        days = next_week(self.now, self.zone)
        try:
            judged, outside = service_hours.preview(
                db.session(),
                self.now,
                self.settings,
                self.specialist,
                PREVIEW_RULES,
                span_of(days, self.zone),
                wanted,
                ranges_of(self.existing),
            )
        except CalendarAway:
            return closed_preview(days, self.now, self.zone, self.language)
        names = self._holidays(span_of(days, self.zone))
        return preview_of(judged, days, self.now, self.zone, self.language, outside, names)

    def _holidays(self, span: Interval) -> dict[date, str]:
        return service.holidays_of(
            db.session(), self.specialist, span, self.settings.service_time_zone, self.language
        )

    def page(
        self,
        week: Week,
        problems: Sequence[RowProblem] = (),
        form: TimeOffForm | None = None,
        edit: Edit | None = None,
        version: str = "",
    ) -> HoursPage:
        """The page with a form as typed."""
        ranges, _unread = check_week(week)
        status = service.calendar_state(db.session(), self.now, self.settings, self.user.id)
        outcome, kind = self._outcome(edit)
        return HoursPage(
            zone=wording.zone_name(self.now, self.zone, self.language),
            calendar=calendar_pill(status, self.zone),
            days=hours_days(week, ranges, problems, self.language),
            total=week_total(ranges),
            version=version or version_of(self.existing),
            preview=self.preview(ranges),
            time_off=self._time_off(),
            time_off_form=form or TimeOffForm(),
            problems=problem_list(problems, self.language),
            outcome=outcome,
            outcome_kind=kind,
            others=other_titles(left_alone(self.existing)),
            place=place_words(service_hours.hours_place(db.session(), self.user.id)),
            stand_ins=stand_in_choices(self.others, customers.usual_stand_in(db.session(), self.user.id)),
            unknown_stand_ins=unknown_names(self._texts_of_time_off(), self.others, self.user.id),
        )

    def _texts_of_time_off(self) -> list[str]:
        return [item.text for item in self.existing if item.hours.is_time_off]

    def _outcome(self, edit: Edit | None) -> tuple[str, Colour]:
        told = edit or (self.waiting[-1] if self.waiting else None)
        if told is None:
            return "", "ok"
        return outcome_words(told, service_hours.calls_in(db.session(), told))

    def _time_off(self) -> tuple[TimeOffRow, ...]:
        today = local(self.now, self.zone).date()
        country, last = self.specialist.country, today + timedelta(days=_HOLIDAYS_AHEAD)
        names = self._holidays(span_of([today, last], self.zone))
        near = {day: name for day, name in names.items() if today <= day <= last}
        return time_off_rows(self.existing, self.waiting, near, country, today, self.language)


def _write(work: Callable[[Session], T]) -> T:
    return write(db.session(), [signed_in_user().id], work)


def _to_outcome(public_id: str) -> Response:
    return redirect(url_for("availability.hours", edit=public_id), 303)


def _settled(public_id: str) -> Edit | None:
    """The edit once the calendar has answered, or as it is after two seconds; each look is short."""
    person_id = signed_in_user().id

    def look() -> Edit | None:
        edit = service_hours.edit_by_public_id(db.session(), person_id, public_id)
        db.session.rollback()
        return edit if edit is None or edit.state != WAITING else None

    return watch(look) or service_hours.edit_by_public_id(db.session(), person_id, public_id)


@blueprint.get("/hours")
@may(Right.OWN_CALENDAR)
def hours() -> Answer:
    """The editor; right after a change it waits up to two seconds for the calendar's answer."""
    edit = _settled(request.args["edit"]) if request.args.get("edit") else None
    desk = _Desk()
    if edit is not None and edit.kind == WEEK and edit.state == CONFLICT:
        return _conflict(desk, edit.ranges)
    page = desk.page(week_of(desk.current), edit=edit)
    return render_template("availability/hours.html", page=page)


def _conflict(desk: _Desk, mine: Sequence[WeeklyRange]) -> Answer:
    theirs, version = ranges_of(desk.existing), version_of(desk.existing)
    page = conflict_page(mine, theirs, version, desk.language)
    return render_template("availability/conflict.html", page=page), 409


@blueprint.post("/hours")
@may(Right.OWN_CALENDAR)
def save() -> Answer:
    """Save the weekly hours, or do what another button of the form says and show the form again."""
    desk, week = _Desk(), read_week(request.form)
    version = request.form.get("version", "")[:64]
    action = request.form.get("do", "")
    if action != "save":
        page = desk.page(_changed(week, action), version=version)
        return render_template("availability/hours.html", page=page)
    ranges, problems = check_week(week)
    if problems:
        return render_template(
            "availability/hours.html", page=desk.page(week, problems, version=version)
        ), 422
    if version != version_of(desk.existing):
        return _conflict(desk, ranges)
    title = _("Working hours")
    return _to_outcome(
        _write(lambda s: service_hours.save_week(s, desk.now, desk.user, ranges, desk.existing, title))
    )


def _changed(week: Week, action: str) -> Week:
    """The week after the buttons add:mon, remove:mon:0 and copy:mon; unchanged by any other."""
    verb, _colon, rest = action.partition(":")
    key, _colon, index = rest.partition(":")
    if key not in KEYS:
        return week
    weekday = KEYS.index(key)
    match verb:
        case "add":
            return add_row(week, weekday)
        case "remove" if index.isdecimal():
            return remove_row(week, weekday, int(index[:3]))
        case "copy":
            targets = [KEYS.index(item) for item in request.form.getlist(f"copy-{key}") if item in KEYS]
            return copy_day(week, weekday, targets)
    return week


@blueprint.post("/hours/preview")
@may(Right.OWN_CALENDAR)
def preview() -> Answer:
    """The preview alone, for the script."""
    ranges, _problems = check_week(read_week(request.form))
    page = PreviewOnly(_Desk().preview(ranges))
    return render_template("availability/_preview.html", page=page)


@blueprint.post("/hours/time-off")
@may(Right.OWN_CALENDAR)
def add_time_off() -> Answer:
    """Add time off."""
    desk = _Desk()
    off, form = read_time_off(request.form, local(desk.now, desk.zone).date(), desk.others)
    if off is None:
        page = desk.page(week_of(desk.current), form=form)
        return render_template("availability/hours.html", page=page), 422
    facts = off.first_day, off.last_day, off.title, off.stand_in
    return _to_outcome(_write(lambda s: service_hours.add_time_off(s, desk.now, desk.user, *facts)))


@blueprint.post("/hours/time-off/<event_id>/remove")
@may(Right.OWN_CALENDAR)
def remove_time_off(event_id: str) -> Answer:
    """Remove time off."""
    desk = _Desk()
    found = [it for it in desk.existing if it.hours.is_time_off and time_off_id(it.href) == event_id]
    if not found:
        raise NotFound("no such time off")
    return _to_outcome(_write(lambda s: service_hours.remove_time_off(s, desk.now, desk.user, found[0])))
