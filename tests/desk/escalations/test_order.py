"""Who is asked next: by table, and as properties of any play of seniors who answer or do not."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.desk.escalations.order import ASK_FOR, Ask, Senior, has_time, in_order, next_turn

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
BOB = Senior(1, "Bob", is_in=False, is_away=False, is_on_call=False, open_work=0)
LEV = replace(BOB, user_id=2, name="Lev")
MAY = replace(BOB, user_id=3, name="May")
seniors = st.lists(
    st.builds(
        Senior,
        user_id=st.integers(1, 6),
        name=st.sampled_from(["Bob", "Lev", "May"]),
        is_in=st.booleans(),
        is_away=st.booleans(),
        is_on_call=st.booleans(),
        open_work=st.integers(0, 3),
    ),
    unique_by=lambda senior: senior.user_id,
    max_size=6,
)


def test_in_hours_who_is_in_and_has_least_work_comes_first() -> None:
    people = [replace(BOB, is_in=True, open_work=2), replace(LEV, is_on_call=True), replace(MAY, is_in=True)]
    assert in_order(people, is_open=True) == [3, 1, 2]


def test_as_much_work_is_decided_by_name() -> None:
    people = [replace(MAY, is_in=True), replace(LEV, is_in=True)]
    assert in_order(people, is_open=True) == [2, 3]


def test_when_nobody_is_in_or_it_is_night_who_is_on_call_comes_first() -> None:
    people = [BOB, replace(LEV, is_on_call=True), MAY]
    assert in_order(people, is_open=True) == [2, 1, 3]
    night = [replace(BOB, is_in=True), replace(LEV, is_on_call=True), MAY]
    assert in_order(night, is_open=False) == [2, 1, 3]


def test_without_an_entry_they_come_by_name_and_who_is_away_last() -> None:
    assert in_order([MAY, replace(BOB, is_away=True), LEV], is_open=False) == [2, 3, 1]


def test_an_urgent_round_begins_anew_when_the_last_had_their_time() -> None:
    asks = [Ask(1, NOW), Ask(2, NOW + ASK_FOR)]
    turn = next_turn(NOW + 2 * ASK_FOR, [1, 2], asks, NOW, NOW)
    assert (turn.senior_id, turn.is_over, turn.round_at) == (1, True, NOW + 2 * ASK_FOR)
    early = next_turn(NOW + ASK_FOR + timedelta(minutes=1), [1, 2], asks, NOW, NOW)
    assert (early.senior_id, early.is_over, early.next_at) == (None, True, NOW + 2 * ASK_FOR)


def test_a_round_that_must_wait_waits() -> None:
    morning = NOW + timedelta(hours=8)
    turn = next_turn(NOW + ASK_FOR, [1], [Ask(1, NOW)], NOW, morning)
    assert (turn.senior_id, turn.round_at, turn.next_at) == (None, morning, morning)


def test_with_nobody_to_ask_it_is_looked_at_again_in_an_hour() -> None:
    turn = next_turn(NOW, [], [], NOW, NOW)
    assert turn.senior_id is None and turn.is_over and turn.next_at == NOW + timedelta(hours=1)
    morning = NOW + timedelta(hours=8)
    assert next_turn(NOW, [], [], NOW, morning).next_at == morning, "what is not urgent wakes nobody"


@given(seniors, st.booleans())
def test_everybody_has_one_place_and_the_order_of_the_list_is_none(
    people: list[Senior], is_open: bool
) -> None:
    found = in_order(people, is_open=is_open)
    assert sorted(found) == sorted(senior.user_id for senior in people)
    assert found == in_order(people[::-1], is_open=is_open)
    away = {senior.user_id for senior in people if senior.is_away}
    assert [one in away for one in found] == sorted(one in away for one in found)
    ready = [one for one in people if one.is_in and not one.is_away]
    if is_open and ready:
        first = next(senior for senior in people if senior.user_id == found[0])
        assert first.is_in and first.open_work == min(one.open_work for one in ready)


@dataclass
class Play:
    """An escalation that nobody takes: each step either time passes or somebody declines."""

    order: list[int]
    now: datetime = NOW
    round_at: datetime = NOW

    def __post_init__(self) -> None:
        self.asks: dict[int, Ask] = {}
        self.next_at = NOW
        self.rounds: list[list[int]] = [[]]
        self.turn()

    def turn(self) -> None:
        turn = next_turn(self.now, self.order, list(self.asks.values()), self.round_at, self.now)
        self.round_at, self.next_at = turn.round_at, turn.next_at
        if turn.is_over:
            self.rounds.append([])
        if turn.senior_id is not None:
            self.asks[turn.senior_id] = Ask(turn.senior_id, self.now)
            self.rounds[-1].append(turn.senior_id)

    def wait(self) -> None:
        self.now = self.next_at
        self.turn()

    def decline(self) -> None:
        last = self.rounds[-1][-1] if self.rounds[-1] else None
        if last is not None and self.asks[last].declined_at is None:
            self.now += timedelta(minutes=1)
            self.asks[last] = replace(self.asks[last], declined_at=self.now)
            if not has_time(self.now, list(self.asks.values()), self.round_at):
                self.turn()


@given(st.permutations([1, 2, 3, 4]), st.lists(st.booleans(), max_size=40))
def test_each_round_asks_each_once_in_order_and_asking_never_stops(
    order: list[int], waits: list[bool]
) -> None:
    play = Play(order)
    for is_wait in waits:
        before = play.now
        play.wait() if is_wait else play.decline()
        assert play.next_at > play.now >= before
        assert play.next_at <= play.now + ASK_FOR
    for asked in play.rounds[:-1]:
        assert asked == order
    assert play.rounds[-1] == order[: len(play.rounds[-1])]
