"""Sizes, imports at the top, nothing unfinished."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.source import ROOT, Module, app_modules, functions, rows

LONGEST_FILE = 300
LONGEST_FUNCTION = 45
KINDS = {".py", ".html", ".css", ".js", ".txt", ".mako"}
FOLDERS = ("app", "tests", "scripts", "migrations", "bench")
# Drivers that are kept word for word as they were handed to the project.
AS_RECEIVED = ROOT / "tests" / "support" / "tools"
UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX)\b|\braise NotImplementedError\b")


def own_files() -> Iterator[Path]:
    """The project's own source files."""
    yield ROOT / "wsgi.py"
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in KINDS and AS_RECEIVED not in path.parents:
                yield path


def long_functions(name: str, text: str) -> list[str]:
    """Functions of a file that are over the limit, decorators and docstring included."""
    findings = []
    for function in functions(ast.parse(text)):
        length = (function.end_lineno or 0) - function.lineno + 1
        if length > LONGEST_FUNCTION:
            findings.append(f"{name}:{function.lineno} {function.name} has {length} lines")
    return findings


def late_imports(module: Module) -> list[str]:
    """Imports inside functions."""
    return [
        f"{module.name}:{node.lineno} imports inside {function.name}"
        for function in functions(module.tree)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]


def stubs(module: Module) -> list[str]:
    """Functions that do nothing, and words that say so.

    Left out: the methods of a Protocol, which have no body by design, and methods of which others expect
    that they are there and whose docstring says why nothing is to be done.
    """
    findings = [
        f"{module.name}:{number} {line.strip()}"
        for number, line in enumerate(module.text.splitlines(), 1)
        if UNFINISHED.search(line)
    ]
    meant = {
        function
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef)
        for function in _meant(node)
    }
    for function in functions(module.tree):
        if function not in meant and all(_is_nothing(statement) for statement in function.body):
            findings.append(f"{module.name}:{function.lineno} {function.name} does nothing")
    return findings


def _meant(owner: ast.ClassDef) -> Iterator[ast.AST]:
    is_protocol = any("Protocol" in ast.unparse(base) for base in owner.bases)
    for function in functions(owner):
        reason = ast.get_docstring(function) or ""
        is_reasoned = len(function.body) == 1 and (owner.bases or reason.startswith("Nothing to "))
        if is_protocol or (reason and is_reasoned):
            yield function


def _is_nothing(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Pass):
        return True
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def test_no_file_is_too_long() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in own_files()}
    findings = [f"{path.relative_to(ROOT)} has {n} lines" for path, n in lengths.items() if n > LONGEST_FILE]
    assert not findings, rows(findings)


def test_no_function_is_too_long() -> None:
    findings = []
    for path in own_files():
        if path.suffix == ".py":
            findings += long_functions(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8"))
    assert not findings, rows(findings)


def test_imports_stand_at_the_top() -> None:
    findings = [finding for module in app_modules() for finding in late_imports(module)]
    assert not findings, rows(findings)


def test_nothing_is_unfinished() -> None:
    findings = [finding for module in app_modules() for finding in stubs(module)]
    assert not findings, rows(findings)


def test_a_planted_long_function_is_found() -> None:
    body = "    x = 1\n"
    assert not long_functions("a.py", "def f():\n" + body * (LONGEST_FUNCTION - 1))
    assert long_functions("a.py", "def f():\n" + body * LONGEST_FUNCTION)


def test_a_planted_late_import_is_found() -> None:
    assert late_imports(Module("app.cli", "def f():\n    import os\n"))


def test_planted_stubs_are_found() -> None:
    for text in (
        "def f():\n    pass\n",
        "def f():\n    '''Says.'''\n",
        "def f():\n    ...\n",
        "x = 1  # TODO",
    ):
        assert stubs(Module("app.cli", text)), text
    assert not stubs(Module("app.cli", "class A(Protocol):\n    def f(self) -> None: ...\n"))
