"""Who may import whom: downwards only, never sideways (docs/architecture.md)."""

from tests.architecture.source import Module, app_modules, imported, rows

LEVELS: tuple[frozenset[str], ...] = (
    frozenset({"lib", "config", "config_openid", "config_phone", "settings"}),
    frozenset({"ical", "words"}),
    frozenset({"jobs"}),
    frozenset({"mail"}),
    frozenset({"accounts"}),
    frozenset({"customers", "calendars", "invites"}),
    frozenset({"availability"}),
    frozenset({"booking"}),
    frozenset({"desk"}),
    frozenset({"portal", "admin", "api", "operations", "demo"}),
    frozenset({"shell", "verify"}),
    frozenset(
        {"factory", "cli", "cli_calendars", "cli_contacts", "cli_seeding", "cli_users", "cli_base", "errors"}
    ),
)
# The top puts the application together, so its parts know each other, and settings stand on the leaf modules.
CLOSELY_RELATED = (LEVELS[0], LEVELS[-1])


def level(package: str) -> int:
    """The height of a package.

    Raises LookupError for one that has no place in LEVELS yet.
    """
    for height, names in enumerate(LEVELS):
        if package in names:
            return height
    raise LookupError(f"app/{package} has no level: say in LEVELS whom it stands on")


def upward_imports(module: Module) -> list[str]:
    """Imports of this module that go up or sideways."""
    if not module.package:
        return []
    findings = []
    for line, name in imported(module):
        target = (name.split(".") + [""])[1]
        if not name.startswith("app.") or target == module.package:
            continue
        if any({target, module.package} <= related for related in CLOSELY_RELATED):
            continue
        if level(target) >= level(module.package):
            findings.append(f"{module.name}:{line} imports {name}")
    return findings


def test_imports_go_downwards_only() -> None:
    findings = [finding for module in app_modules() for finding in upward_imports(module)]
    assert not findings, rows(findings)


def test_every_package_has_a_level() -> None:
    known = frozenset().union(*LEVELS)
    assert {module.package for module in app_modules()} - {""} <= known


def test_a_planted_upward_import_is_found() -> None:
    assert upward_imports(Module("app.calendars.service", "from app.booking import service")) == [
        "app.calendars.service:1 imports app.booking.service"
    ]


def test_a_planted_sideways_import_is_found() -> None:
    assert upward_imports(Module("app.customers.queries", "import app.calendars.models"))
    assert not upward_imports(Module("app.availability.service", "from app.customers.service import x"))
