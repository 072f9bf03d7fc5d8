"""find_slots and refusal against a slow model that looks at every minute, clock changes included."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from app.availability.slots import Reason, Situation, SlotRules, find_slots, judged_starts, monday_of, refusal
from app.availability.window import window_in
from app.lib.intervals import Interval, merge
from app.settings.values import ServiceWindow

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
USUAL = ServiceWindow()
# Two days around a day without, with a spring and with an autumn change of clocks (Bratislava), and
# places whose changes are at midnight or of half an hour.
WEEKS = [
    ("Europe/Bratislava", date(2026, 11, 24)),
    ("Europe/Bratislava", date(2026, 3, 28)),
    ("Europe/Bratislava", date(2026, 10, 24)),
    ("Africa/Cairo", date(2026, 4, 23)),
    ("Australia/Lord_Howe", date(2026, 4, 4)),
]


def minutes_of(intervals: list[Interval]) -> set[datetime]:
    """Every minute that the intervals touch; their edges are whole minutes here."""
    return {minute for item in intervals for minute in walk(item.start, item.length)}


def model(rules: SlotRules, s: Situation, span: Interval, now: datetime) -> list[datetime]:
    """The open starts, by asking every minute of the span and every minute of the call."""
    zone = ZoneInfo(s.zone)
    allowed = minutes_of(list(s.working)) & minutes_of(list(s.window)) - minutes_of(list(s.time_off))
    taken = minutes_of(list(s.busy)) | minutes_of(list(s.reserved))
    found = []
    start = span.start
    while start < span.end:
        wall = start.astimezone(zone)
        is_open = (
            (wall.hour * 60 + wall.minute) % (rules.grid // MINUTE) == 0
            and now + rules.notice <= start <= now + rules.horizon
            and (not rules.daily_cap or s.booked_per_day.get(wall.date(), 0) < rules.daily_cap)
            and (not rules.weekly_cap or booked_in_week(s, wall.date()) < rules.weekly_cap)
            and (s.last_day is None or wall.date() <= s.last_day)
            and all(minute in allowed for minute in walk(start, rules.length))
            and not any(minute in taken for minute in walk(*padded(rules, start)))
            and not any(minute.astimezone(zone).date() in s.holidays for minute in walk(start, rules.length))
        )
        if is_open:
            found.append(start)
        # Every grid below is a multiple of five minutes, and so is every offset of the zones.
        start += 5 * MINUTE
    return found


def booked_in_week(s: Situation, day: date) -> int:
    """The calls of the ISO week of a day."""
    return sum(
        n for monday, n in s.booked_per_week.items() if monday.isocalendar()[:2] == day.isocalendar()[:2]
    )


def walk(start: datetime, length: timedelta) -> Iterator[datetime]:
    """The minutes from ``start`` on."""
    return (start + n * MINUTE for n in range(length // MINUTE))


def padded(rules: SlotRules, start: datetime) -> tuple[datetime, timedelta]:
    """Start and length of a call with its buffers."""
    return start - rules.buffer_before, rules.buffer_before + rules.length + rules.buffer_after


@st.composite
def cases(draw: st.DrawFn) -> tuple[SlotRules, Situation, Interval, datetime]:
    zone, first = draw(st.sampled_from(WEEKS))
    begin = datetime(first.year, first.month, first.day, tzinfo=UTC)

    def moments() -> st.SearchStrategy[datetime]:
        return st.integers(-300, 2 * 1440 + 300).map(lambda minute: begin + minute * MINUTE)

    def merged(longest: int, count: int) -> list[Interval]:
        pairs = draw(st.lists(st.tuples(moments(), st.integers(1, longest)), max_size=count))
        return merge(Interval(start, start + length * MINUTE) for start, length in pairs)

    grid = draw(st.sampled_from([10, 15, 20, 30, 50, 60]))
    numbers = [
        draw(st.integers(*limits))
        for limits in ((1, 90), (0, 30), (0, 30), (0, 600), (60, 6000), (0, 3), (0, 3))
    ]
    length, before, after, notice, horizon, cap, weekly = numbers
    rules = SlotRules(
        length * MINUTE,
        grid * MINUTE,
        before * MINUTE,
        after * MINUTE,
        notice * MINUTE,
        horizon * MINUTE,
        cap,
        weekly,
    )
    days = [first + timedelta(days=n) for n in range(2)]
    some_days = st.sets(st.sampled_from(days), max_size=1)
    span = Interval(begin, begin + timedelta(days=draw(st.integers(1, 2))))
    window = draw(st.sampled_from([window_in(span, zone, USUAL), [Interval(begin, begin + 2 * DAY)]]))
    s = Situation(
        working=merged(2000, 4),
        busy=merged(90, 8),
        time_off=merged(300, 2),
        reserved=merged(60, 4),
        window=window,
        holidays=frozenset(draw(some_days)),
        zone=zone,
        booked_per_day=dict.fromkeys(draw(some_days), 2),
        last_day=draw(st.sampled_from([None, days[1]])),
        booked_per_week={monday_of(day): 2 for day in draw(some_days)},
    )
    return rules, s, span, draw(moments())


@settings(max_examples=120, deadline=None)
@given(cases())
def test_exactly_the_open_starts_of_the_slow_model_are_found(
    case: tuple[SlotRules, Situation, Interval, datetime],
) -> None:
    rules, s, span, now = case
    found = find_slots(rules, s, span, now)
    assert [slot.start for slot in found] == model(rules, s, span, now)
    assert all(slot.length == rules.length for slot in found)


@settings(max_examples=120, deadline=None)
@given(cases())
def test_a_single_start_is_judged_as_the_list_says(
    case: tuple[SlotRules, Situation, Interval, datetime],
) -> None:
    rules, s, span, now = case
    listed = {slot.start for slot in find_slots(rules, s, span, now)}
    judged = dict(judged_starts(rules, s, span, now))
    assert {start for start, reason in judged.items() if reason is None} == listed
    assert {start: refusal(rules, s, start, now) for start in judged} == judged
    others = {span.start + n * 7 * MINUTE for n in range(100)} - judged.keys()
    assert all(refusal(rules, s, start, now) is Reason.OFF_GRID for start in others if start < span.end)
