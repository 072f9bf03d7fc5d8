"""What a worker compiles once for all of its tests: statements, templates and routes.

Each test has an application and a database of its own. Without this each would compile the same texts again,
a third of what such tests cost; what is compiled depends on the text alone and is the same for all.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import jinja2
from sqlalchemy import Connection, Engine, event
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

_statements: LRUCache[Any, Any] = LRUCache(4000)


class _Bytecode(jinja2.BytecodeCache):
    """Compiled templates, by name and source."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        self._codes[bucket.key, bucket.checksum] = bucket.code


bytecode = _Bytecode()


@cache
def compile_once() -> None:
    """Share compiled statements and routes among the applications and engines of this process."""
    for dialect in (SQLiteDialect_pysqlite, PGDialect_psycopg):
        # Statements are kept by dialect and form; two of one class write the same SQL.
        dialect.__eq__ = _same_class  # type: ignore[method-assign,assignment]
        dialect.__hash__ = _hash_of_class  # type: ignore[method-assign,assignment]
    event.listen(Engine, "engine_connect", _share_statements)
    Rule._compile_builder = _builders(Rule._compile_builder)  # type: ignore[method-assign]


def _same_class(one: object, other: object) -> bool:
    return type(one) is type(other)


def _hash_of_class(self: object) -> int:
    return hash(type(self))


def _share_statements(connection: Connection) -> None:
    connection.execution_options(compiled_cache=_statements)


def _builders(compiled: Callable[[Rule, bool], Any]) -> Callable[[Rule, bool], Any]:
    """Werkzeug's compiler of address builders, with what it made before at hand for the same rule."""
    made: dict[tuple[str, bool], Any] = {}

    def builder(self: Rule, append_unknown: bool = True) -> Any:
        if self.defaults or self.host or self.subdomain:
            return compiled(self, append_unknown)
        key = (self.rule, append_unknown)
        if key not in made:
            made[key] = compiled(self, append_unknown)
        return made[key]

    return builder
