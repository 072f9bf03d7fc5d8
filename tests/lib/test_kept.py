"""Values kept for whoever needs them again."""

from app.lib.kept import Kept


def test_what_was_asked_for_lately_stays_and_the_rest_makes_room() -> None:
    kept: Kept[str, int] = Kept(2)
    kept.put("a", 1)
    kept.put("b", 2)
    assert kept.get("a") == 1
    kept.put("c", 3)
    assert [kept.get(key) for key in "abc"] == [1, None, 3]
    kept.clear()
    assert kept.get("a") is None
