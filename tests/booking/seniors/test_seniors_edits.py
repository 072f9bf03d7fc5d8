"""What a senior does with the event of a call in their own client."""

from datetime import timedelta

from app.booking import jobs
from app.booking.values import CallValue
from app.jobs.client import live_keys
from app.lib.intervals import Interval
from tests.booking.core.office import starts, two_starts
from tests.booking.core.test_kills import killed
from tests.booking.seniors.pair import Pair
from tests.support.mail import mail_text


def drag(pair: Pair, call: CallValue, hours: int = 1) -> None:
    """Lev moves the event in his own client."""
    shift = timedelta(hours=hours)
    path, text = pair.levs_path(call), pair.radicale.get(pair.levs_path(call))
    for at in (call.end, call.start):
        text = text.replace(f"{at:%Y%m%dT%H%M%SZ}", f"{at + shift:%Y%m%dT%H%M%SZ}")
    pair.radicale.put(path, text)


def test_a_senior_who_deletes_the_event_is_off_the_call_after_two_looks(pair: Pair) -> None:
    start, _ = two_starts(pair)
    call = pair.booked(start, senior="1")
    pair.look_at_both()
    pair.radicale.delete(pair.levs_path(call))
    pair.look_at_both()
    pair.look_at_both()
    assert pair.call_now(call).senior is not None and pair.kinds() == []
    pair.look_at_both(60)
    found = pair.call_now(call)
    assert (found.senior, found.status, found.start) == (None, "confirmed", start)
    assert sorted(pair.kinds()) == ["senior_gone sam", "senior_gone vera"]
    pair.work(call)
    pair.look_at_both(60)
    assert pair.times() == {"sam": [start], "lev": []} and pair.wrong() == []
    assert pair.reserved() == [call.rules.taken_by(start)] and len(pair.kinds()) == 2


def test_an_event_that_is_back_before_the_second_look_keeps_the_senior(pair: Pair) -> None:
    call = pair.booked(two_starts(pair)[0], senior="1")
    text = pair.radicale.get(pair.levs_path(call))
    pair.radicale.delete(pair.levs_path(call))
    pair.look_at_both()
    pair.radicale.put(pair.levs_path(call), text)
    for _ in range(3):
        pair.look_at_both(60)
    assert pair.call_now(call).senior is not None and pair.kinds() == [] and pair.wrong() == []


def test_an_event_that_the_senior_moved_is_put_back_and_told_once(pair: Pair) -> None:
    start, _ = two_starts(pair)
    call = pair.booked(start, senior="1")
    pair.look_at_both()
    drag(pair, call)
    pair.look_at_both()
    assert any(key.startswith(f"booking:{call.id}:0:copy-") for key in live_keys(pair.session))
    pair.work(call)
    pair.look_at_both()
    pair.look_at_both()
    assert pair.times() == {"sam": [start], "lev": [start]}
    assert pair.kinds() == ["senior_kept lev"] and pair.wrong() == []


def test_a_senior_who_declines_the_event_is_off_the_call(pair: Pair) -> None:
    call = pair.booked(two_starts(pair)[0], senior="1")
    text = pair.radicale.get(pair.levs_path(call))
    pair.radicale.put(pair.levs_path(call), text.replace("STATUS:CONFIRMED", "STATUS:CANCELLED"))
    pair.look_at_both()
    pair.look_at_both(61)
    assert pair.call_now(call).senior is None
    pair.work(call)
    assert pair.times()["lev"] == [] and pair.wrong() == []


def test_many_that_are_gone_at_once_are_put_back(pair: Pair) -> None:
    calls = [pair.booked(start, senior="1") for start in starts(pair, 2)]
    for call in calls:
        pair.radicale.delete(pair.levs_path(call))
    pair.look_at_both()
    pair.look_at_both(61)
    for call in calls:
        assert pair.call_now(call).senior is not None
        pair.work(call)
    assert len(pair.times()["lev"]) == 2 and pair.kinds() == []
    pair.look_at_both()
    assert pair.wrong() == []


def test_a_specialists_move_takes_the_senior_along_when_they_are_free(pair: Pair) -> None:
    start, later = two_starts(pair)
    call = pair.booked(start, senior="1")
    pair.drag(call, later)
    pair.look_at_both()
    pair.work(call)
    assert pair.times() == {"sam": [later], "lev": [later]} and pair.kinds() == ["followed vera"]
    assert pair.reserved() == [call.rules.taken_by(later)] * 2 and pair.wrong() == []


def test_a_specialists_move_tells_of_a_senior_who_is_on_their_way_and_nothing_tells_it_again(
    pair: Pair,
) -> None:
    start, later = two_starts(pair)
    call = pair.booked(start)
    pair.add_senior(pair.world.vera.user, call)
    pair.drag(call, later)
    pair.work(call)
    assert pair.times() == {"sam": [later], "lev": [later]} and pair.kinds() == ["followed vera"]
    ((_, mail),) = pair.mails()
    assert "Sam Horvath and Lev Orlov" in mail["Subject"] and pair.wrong() == []


def test_a_specialists_move_to_where_the_senior_is_not_free_is_not_followed(pair: Pair) -> None:
    start, later = two_starts(pair)
    call = pair.booked(start, senior="1")
    pair.appoint_lev(Interval(later, later + timedelta(hours=1)))
    pair.sync_lev()
    pair.drag(call, later)
    pair.look_at_both()
    assert pair.call_now(call).start == start and pair.kinds() == ["misplaced sam"]
    ((_, mail),) = pair.mails()
    assert "senior engineer" in mail_text(mail)
    assert pair.times()["lev"][0] == start


def test_a_killed_following_of_a_deletion_ends_with_one_mail_each(pair: Pair, database_url: str) -> None:
    call = pair.booked(two_starts(pair)[0], senior="1")
    pair.radicale.delete(pair.levs_path(call))
    pair.look_at_both()
    pair.now += timedelta(seconds=61)
    pair.sync_lev()
    pair.session.rollback()
    killed(database_url, "senior_left", lambda s: jobs.follow_seniors_pass(s, pair.settings, pair.now))
    assert pair.call_now(call).senior is not None
    pair.look_at_both()
    assert sorted(pair.kinds()) == ["senior_gone sam", "senior_gone vera"]
