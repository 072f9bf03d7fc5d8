"""Every setting that is read and every crash point is documented, and the other way round."""

import ast
import re

from app.lib.rates import LIMITS
from tests.architecture.source import ROOT, app_modules

READERS = ("app/config.py", "app/config_openid.py", "app/config_phone.py", "scripts/run.py")


def settings_read(text: str) -> set[str]:
    """What a module asks an environment for: ``env.get("X")``, ``env["X"]``, ``_helper(env, "X")``."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            owner = node.func.value if isinstance(node.func, ast.Attribute) else None
            values = [*([owner] if owner else []), *node.args]
            names = [arg for arg in node.args if isinstance(arg, ast.Constant)]
            if any(_is_environment(value) for value in values) and names:
                found.add(str(names[0].value))
        elif isinstance(node, ast.Subscript) and _is_environment(node.value):
            found.add(ast.literal_eval(node.slice))
    return {name for name in found if re.fullmatch(r"[A-Z][A-Z_]+", name)}


def _is_environment(node: ast.expr) -> bool:
    return ast.unparse(node) in {"env", "environ", "os.environ", "self.environ"}


def settings_documented(text: str) -> set[str]:
    """The variables in the first column of the tables of docs/configuration.md."""
    return set(re.findall(r"^\| `([A-Z_]+)` \|", text, re.MULTILINE))


def test_settings_and_their_documentation_agree() -> None:
    # Those of limits are read in a loop over their table.
    read = {limit.setting for limit in LIMITS}
    for name in READERS:
        read |= settings_read((ROOT / name).read_text(encoding="utf-8"))
    assert read == settings_documented((ROOT / "docs" / "configuration.md").read_text(encoding="utf-8"))


def test_a_planted_setting_is_found() -> None:
    assert settings_read('a = env.get("PORT") or _number(env, "WEB_PROCESSES", 1)') == {
        "PORT",
        "WEB_PROCESSES",
    }
    assert settings_documented("| variable |\n|---|\n| `DATA_DIR` | `./var` |\n") == {"DATA_DIR"}


def test_crash_points_and_their_documentation_agree() -> None:
    reached = {name for module in app_modules() for name in re.findall(r'\breached\("(\w+)"\)', module.text)}
    documented = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`[a-z_`, ]+`) \|", documented, re.MULTILINE)
    assert reached == {name for row in rows for name in re.findall(r"\w+", row)}
