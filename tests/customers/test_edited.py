"""People of ours as they are typed on pages."""

from app.customers.typed.edited import countries


def test_a_country_is_offered_once_by_its_code() -> None:
    assert "GB" in countries()
    assert "UK" not in countries()
