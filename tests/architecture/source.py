"""The application's modules as syntax trees, and a way to plant a module that breaks a rule."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]

# The file names that may touch the world; every other module of a domain package is pure.
RESERVED = {"models", "queries", "service", "views", "forms", "guards", "jobs", "client"}


@dataclass(frozen=True)
class Module:
    """One module: its dotted name and its text."""

    name: str
    text: str
    tree: ast.Module = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "tree", ast.parse(self.text))

    @property
    def package(self) -> str:
        """The part after ``app``: ``booking`` of ``app.booking.views``, ``cli`` of ``app.cli``."""
        return (self.name.split(".") + [""])[1]

    @property
    def kind(self) -> str:
        """The reserved name that its file has, ``client`` also for ``client_http``; empty for the others."""
        last = self.name.rsplit(".", 1)[1] if "." in self.name else self.name
        return next((name for name in RESERVED if last == name or last.startswith(f"{name}_")), "")

    @property
    def is_domain(self) -> bool:
        """Whether it lies in a package that speaks about the domain."""
        return self.name.count(".") >= 2 and self.package != "lib"


@cache
def app_modules() -> tuple[Module, ...]:
    """All modules under ``app/``."""
    found = []
    for path in sorted((ROOT / "app").rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found.append(Module(name, path.read_text(encoding="utf-8")))
    return tuple(found)


def imported(module: Module) -> Iterator[tuple[int, str]]:
    """Line and full dotted name of everything it imports: ``from a import b`` gives ``a.b``."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module.name}:{node.lineno} a relative import"
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def is_under(name: str, roots: set[str]) -> bool:
    """Whether a dotted name is one of the roots or inside one."""
    return any(name == root or name.startswith(f"{root}.") for root in roots)


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """All functions and methods, nested ones too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def rows(findings: list[str]) -> str:
    """Findings as an assertion's message."""
    return "\n" + "\n".join(findings)
