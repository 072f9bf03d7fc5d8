from datetime import UTC, datetime, timedelta

from app.accounts.links import code_digest, wait_for

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_below_the_limit_nobody_waits() -> None:
    assert wait_for([NOW - MINUTE, NOW - 2 * MINUTE], 3, NOW) is None


def test_at_the_limit_one_waits_until_the_first_is_an_hour_old() -> None:
    assert wait_for([NOW - 10 * MINUTE, NOW - 50 * MINUTE], 2, NOW) == 10 * MINUTE


def test_what_is_an_hour_old_no_longer_counts() -> None:
    assert wait_for([NOW - 60 * MINUTE, NOW - MINUTE], 2, NOW) is None


def test_beyond_the_limit_the_newest_ones_count() -> None:
    asked_at = [NOW - minutes * MINUTE for minutes in (50, 40, 30)]
    assert wait_for(asked_at, 2, NOW) == 20 * MINUTE


def test_a_code_may_be_typed_with_a_blank() -> None:
    assert code_digest("key", " 123 456", "browser") == code_digest("key", "123456", "browser")


def test_a_code_belongs_to_its_browser() -> None:
    assert code_digest("key", "123456", "browser") != code_digest("key", "123456", "another")
