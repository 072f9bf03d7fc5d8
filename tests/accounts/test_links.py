from app.accounts.links import code_digest


def test_a_code_may_be_typed_with_a_blank() -> None:
    assert code_digest("key", " 123 456", "browser") == code_digest("key", "123456", "browser")


def test_a_code_belongs_to_its_browser() -> None:
    assert code_digest("key", "123456", "browser") != code_digest("key", "123456", "another")
