"""What differs between before and after, as the audit log keeps it."""

from collections.abc import Mapping
from datetime import date
from typing import Any


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """What differs, by name as ``[before, after]`` in what JSON has; None on a side without that name."""
    return {
        name: [_plain(before.get(name)), _plain(after.get(name))]
        for name in {**before, **after}
        if before.get(name) != after.get(name)
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
