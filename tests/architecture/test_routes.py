"""Every route carries a guard, and the table says which: a new route is a decision that somebody sees.

``python -m tests.architecture.test_routes > tests/architecture/routes.txt`` writes the table anew.
"""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from flask import Flask

TABLE = Path(__file__).with_name("routes.txt")
# Views of libraries, which cannot carry our guard; both are for everybody.
OF_LIBRARIES = {"static", "api-docs.openapi_json"}


def guards(app: Flask) -> Iterator[tuple[str, str]]:
    """Endpoint and guard of each route, ``none`` where there is none; class views a line a method."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if rule.endpoint in OF_LIBRARIES:
            continue
        owner = getattr(view, "view_class", None)
        if owner is None:
            yield rule.endpoint, _guard(view)
            continue
        for method in sorted(owner.methods or ()):
            yield f"{rule.endpoint}.{method}", _guard(getattr(owner, method.lower()))


def _guard(view: object) -> str:
    return " ".join(getattr(view, "guard", ("none",)))


def listing(app: Flask) -> list[str]:
    """The table as it would be for this application, sorted."""
    return sorted({f"{endpoint}: {guard}" for endpoint, guard in guards(app)})


def whole_application(folder: Path) -> Flask:
    """The application with every page that can be switched on."""
    from app.config import load_settings
    from app.factory import create_app

    phone = {"PHONE_AUTH_TOKEN": "only-for-the-table", "PHONE_NUMBER": "+421220000000"}
    return create_app(load_settings({"DATA_DIR": str(folder), "DEMO": "1", **phone}))


@pytest.fixture
def every_route(tmp_path: Path) -> list[str]:
    return listing(whole_application(tmp_path))


def test_every_route_has_a_guard(every_route: list[str]) -> None:
    assert [line for line in every_route if line.endswith(": none")] == []


def test_the_table_of_routes_is_up_to_date(every_route: list[str]) -> None:
    assert every_route == TABLE.read_text(encoding="utf-8").splitlines()


def test_a_planted_route_without_a_guard_is_found() -> None:
    app = Flask("planted")
    app.add_url_rule("/open", "open", lambda: "")
    assert listing(app) == ["open: none"]


if __name__ == "__main__":
    with TemporaryDirectory() as name:
        print("\n".join(listing(whole_application(Path(name)))))
