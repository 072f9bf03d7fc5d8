"""Every clock of the desk against a model that walks minute by minute, in several zones and windows."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from app.availability.holidays import OwnDay
from app.desk.hours import is_open, next_opening, time_between
from app.desk.sla import Policy, business, left, moved_by_pause, news_due, next_step_due, targets, warn_at
from app.lib.intervals import Interval
from app.settings.values import MONDAY_TO_FRIDAY, Clock, ResponseTime, ServiceWindow, Term, Unit
from tests.desk import minute_model as model

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
# Where clocks change or holidays fall, and the latter of two months as a calendar on the wall has them. In
# Cairo clocks change on Thursday night, and so on business days.
CHRISTMAS = (date(2026, 12, 24), date(2026, 12, 25), date(2027, 1, 1), date(2027, 1, 6))
EASTER = (date(2026, 4, 3), date(2026, 4, 6))
PLACES: Sequence[tuple[str, str, date, tuple[date, ...]]] = (
    ("Europe/Bratislava", "SK", date(2026, 3, 26), (*EASTER, date(2026, 5, 1))),
    ("Europe/Bratislava", "SK", date(2026, 10, 22), (date(2026, 11, 1),)),
    ("Europe/Bratislava", "SK", date(2026, 12, 22), CHRISTMAS),
    ("Europe/Bratislava", "SK", date(2028, 2, 25), ()),
    ("Asia/Kathmandu", "", date(2026, 6, 4), ()),
    ("America/New_York", "US", date(2026, 3, 5), ()),
    ("America/New_York", "US", date(2026, 11, 24), (date(2026, 11, 26), *CHRISTMAS[1:3])),
    ("Pacific/Auckland", "NZ", date(2026, 4, 1), (*EASTER, date(2026, 4, 27))),
    ("Africa/Cairo", "", date(2026, 4, 21), ()),
    ("Africa/Cairo", "", date(2026, 10, 27), ()),
)
WINDOWS = (
    ServiceWindow(),
    ServiceWindow(time(8, 30), time(12, 15), (0, 2, 3, 4)),
    # In Cairo's spring the night between Thursday and Friday shortens these, moves them, leaves nothing.
    ServiceWindow(time(0), time(1, 20), (1, 3, 4)),
    ServiceWindow(time(0, 20), time(0, 50)),
    ServiceWindow(time(0, 30), time(1, 20)),
    ServiceWindow(time(13), time(23, 40), MONDAY_TO_FRIDAY),
    ServiceWindow(time(9), time(9, 10)),
)
Case = tuple[Policy, model.Calendar | None, datetime, tuple[model.Span, ...]]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    zone, country, first, holidays = draw(st.sampled_from(PLACES))
    window = draw(st.sampled_from(WINDOWS))
    own = draw(st.sets(st.integers(0, 6).map(lambda n: first + n * DAY), max_size=1))
    days_off = tuple(OwnDay("", day, country, "", {}) for day in own)
    calendar = model.Calendar(zone, window.opens, window.closes, window.days, frozenset(holidays) | own)
    clock = draw(st.sampled_from([Clock.BUSINESS, Clock.BUSINESS, Clock.WALL]))
    # No more hours than some days of the window have: the model walks.
    most = 9 if window.closes >= time(12) else 2
    terms = st.one_of(
        st.integers(1, most).map(lambda n: Term(n, Unit.HOURS)),
        st.integers(1, 3).map(lambda n: Term(n, Unit.DAYS)),
    )
    promise = ResponseTime(3, clock, draw(terms), draw(terms))
    policy = Policy((promise,), window, zone, country, "", days_off)
    # At any minute, or where it matters: around the window's edges.
    day = first + draw(st.integers(0, 6)) * DAY
    edges = [model.moment_of(zone, day, edge) for edge in (window.opens, window.closes)]
    near = st.tuples(st.sampled_from(edges), st.integers(-2, 2))
    anywhere = st.tuples(st.just(edges[0]), st.integers(-700, 700))
    moments = st.one_of(near, anywhere).map(lambda pair: pair[0] + pair[1] * MINUTE)
    opened = draw(moments)
    pauses: list[model.Span] = []
    end = opened
    for _ in range(draw(st.integers(0, 3))):
        start = end + draw(st.one_of(st.integers(0, 60), st.integers(0, 1500))) * MINUTE
        end = start + draw(st.one_of(st.integers(0, 60), st.integers(0, 3000))) * MINUTE
        pauses.append((start, end))
    return policy, calendar if clock is Clock.BUSINESS else None, opened, tuple(pauses)


def modelled(calendar: model.Calendar | None, opened: datetime, term: Term) -> datetime:
    """The end of a term by the model."""
    if term.unit is Unit.HOURS:
        return model.minutes_later(calendar, opened, term.amount * 60)
    if calendar is None:
        return model.minutes_later(None, opened, term.amount * 24 * 60)
    return model.days_later(calendar, opened, term.amount)


@settings(max_examples=120, deadline=None)
@given(cases())
def test_both_clocks_and_their_warnings_are_those_of_the_minutes(case: Case) -> None:
    policy, calendar, opened, spans = case
    (promise,) = policy.response_times
    assert promise.next_step is not None
    pauses = [Interval(*span) for span in spans]
    first, base = (modelled(calendar, opened, term) for term in (promise.first_response, promise.next_step))
    assert targets(policy, 3, opened, pauses).first_response == first
    assert targets(policy, 3, opened).next_step == base
    due = next_step_due(policy, 3, opened, pauses)
    assert due is not None and due == model.paused(calendar, base, spans)
    assert warn_at(policy, 3, opened, first) == model.warnings(calendar, opened, first, ())
    if due > opened:
        moving = tuple(span for span in spans if span[0] < due)
        assert warn_at(policy, 3, opened, due, pauses) == model.warnings(calendar, opened, due, moving)


@settings(max_examples=120, deadline=None)
@given(cases(), st.integers(-3000, 3000))
def test_what_is_left_and_when_it_opens_are_those_of_the_minutes(case: Case, minutes: int) -> None:
    policy, calendar, opened, spans = case
    other = opened + minutes * MINUTE
    sign, span = (1, (opened, other)) if minutes >= 0 else (-1, (other, opened))
    assert left(policy, 3, opened, other) == sign * model.minutes_between(calendar, span) * MINUTE
    for start, end in spans:
        moved = moved_by_pause(policy, 3, other, Interval(start, end))
        assert moved == model.paused(calendar, other, ((start, end),))
    if calendar is not None:
        hours = business(policy)
        assert is_open(hours, opened) == calendar.counts(opened)
        assert next_opening(hours, opened) == model.minutes_later(calendar, opened, 0)
        assert time_between(hours, *span) == model.minutes_between(calendar, span) * MINUTE
        assert news_due(policy, opened) == model.days_later(calendar, opened, 1)


def test_the_model_itself_counts_what_a_hand_counts() -> None:
    calendar = model.Calendar("Europe/Bratislava", time(9), time(17), MONDAY_TO_FRIDAY, frozenset())
    friday, monday = datetime(2026, 11, 27, tzinfo=UTC), datetime(2026, 11, 30, tzinfo=UTC)
    at_four = friday + timedelta(hours=15)
    assert model.minutes_later(calendar, at_four, 120) == monday + timedelta(hours=9)
    assert model.minutes_between(calendar, (at_four, at_four + 3 * DAY)) == 480
    assert model.days_later(calendar, at_four, 1) == monday + timedelta(hours=15)
    assert model.days_later(calendar, at_four + timedelta(hours=1), 1) == monday + timedelta(hours=16)
