import pytest

from app.accounts.paths import local_path


@pytest.mark.parametrize(
    "path", ["/", "/book", "/book?type=product-support&zone=Asia/Almaty", "/calls/a_b-c", "/book#main"]
)
def test_our_own_pages_are_local(path: str) -> None:
    assert local_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        None,
        "book",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\/evil.example",
        "https://evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "/%0d%0aLocation:evil",
        "/%0D%0A",
        "/book\r\nLocation: evil",
        "/book\n",
        "/\tevil",
        "/ evil",
        "/@evil.example",
        "/book%5c@evil",
        "/%2fevil.example",
        "/%5cevil.example",
        "/book\x85",
        "/" + "x" * 500,
    ],
)
def test_everything_else_is_not(path: str | None) -> None:
    assert local_path(path) == ""
