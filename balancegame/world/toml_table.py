"""TOML tables that know where they stand: every refusal names the file, the line and the key."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NoReturn

from balancegame._checks import check_known
from balancegame._numbers import parse_number, shorten
from balancegame.errors import BalanceGameError, ScenarioFormatError, UnknownNameError

_MULTILINE = re.compile(r'"""(?:\\.|[^\\])*?"""|\'\'\'.*?\'\'\'', re.DOTALL)


class TomlDecimal(str):
    """A number written with a point or an exponent, as its text."""

    __slots__ = ()


class TomlTable:
    """A TOML table that knows where it stands, and that every key must be asked for."""

    def __init__(self, tree: Mapping[str, Any], source: str, text: str, path: tuple[str, ...]):
        self._tree = dict(tree)
        self._source = source
        self._text = text
        self._path = path
        self._asked: list[str] = []

    def entries(self) -> tuple[str, ...]:
        """The keys."""
        return tuple(self._tree)

    def has(self, key: str) -> bool:
        """Whether an optional key is there."""
        self._asked.append(key)
        return key in self._tree

    def text(self, key: str, *, required: bool = True) -> str:
        """A quoted text; empty where it may be missing and is."""
        value = self._ask(key, "text in quotes", required=required)
        if value is None:
            return ""
        if not _is_text(value):
            self.fail(f"expected text in quotes, found {shorten(value)}", key)
        return value

    def texts(self, key: str, *, required: bool = True) -> list[str]:
        """A list of quoted texts."""
        value = self._ask(key, "a list of texts", required=required)
        if value is None:
            return []
        if not isinstance(value, list) or not all(map(_is_text, value)):
            self.fail("expected a list of texts in quotes", key)
        return value

    def table(self, key: str, *, required: bool = True) -> TomlTable:
        """A table; empty where it may be missing and is."""
        value = self._ask(key, f"a table [{'.'.join((*self._path, key))}]", required=required)
        if value is not None and not isinstance(value, dict):
            self.fail(f"expected a table, found {shorten(value)}", key)
        return TomlTable(value or {}, self._source, self._text, (*self._path, key))

    def numbers(self) -> dict[str, float]:
        """The whole table as {name: number}."""
        if not self._tree:
            self.fail("expected one number a state, found none")
        return {
            key: self.guard(parse_number, value, "the value", key=key)
            for key, value in self._tree.items()
        }

    def plain(self) -> dict[str, Any]:
        """The whole table of numbers, texts, and tables of numbers, for a model to check."""
        return {
            key: TomlTable(value, self._source, self._text, (*self._path, key)).numbers()
            if isinstance(value, dict)
            else value
            for key, value in self._tree.items()
        }

    def finish(self) -> None:
        """Refuse keys nobody asked for."""
        for key in self._tree:
            if key not in self._asked:
                self.guard(check_known, key, self._asked, "key", UnknownNameError, key=key)

    def guard(self, call: Any, *arguments: Any, key: str | None = None, **options: Any) -> Any:
        """Name the file and the key in what a check says."""
        try:
            return call(*arguments, **options)
        except BalanceGameError as error:
            self.fail(str(error), *(() if key is None else (key,)))

    def fail(self, reason: str, *keys: str) -> NoReturn:
        """Refuse the file, naming the line and the key below this table."""
        path = (*self._path, *keys)
        line = self._line(path)
        place = f", line {line}" if line else ""
        at = f", key {'.'.join(path)}" if path else ""
        message = f"{self._source}{place}{at}: {reason}"
        raise ScenarioFormatError(message) from None

    def _ask(self, key: str, expected: str, *, required: bool) -> Any:
        self._asked.append(key)
        value = self._tree.get(key)
        if value is None and required:
            self.fail(f"the key {key!r} is missing; expected {expected}")
        return value

    def _line(self, path: tuple[str, ...]) -> int:
        """The line of a key, found by its text: tomllib keeps no positions. 0 if not found."""
        text = _MULTILINE.sub(lambda found: "\n" * found.group().count("\n"), self._text)
        lines = text.split("\n")
        start = 0
        dotted = r"\s*" + r"\s*\.\s*".join(map(_key_pattern, path)) + r"\s*="
        for k, line in enumerate(lines):
            if len(path) > 1 and re.match(dotted, line):
                return k + 1
        for depth in range(len(path), 0, -1):
            header = r"\s*\[+\s*" + r"\s*\.\s*".join(map(_key_pattern, path[:depth])) + r"\s*\]"
            found = next((k for k, line in enumerate(lines) if re.match(header, line)), None)
            if found is not None:
                if depth == len(path):
                    return found + 1
                start, path = found + 1, path[depth:]
                break
        assigned = r"\s*" + _key_pattern(path[0]) + r"\s*[=.]" if path else r"(?!)"
        for k in range(start, len(lines)):
            if re.match(assigned, lines[k]):
                return k + 1
        return 0


def _is_text(value: object) -> bool:
    return isinstance(value, str) and not isinstance(value, TomlDecimal)


def _key_pattern(key: str) -> str:
    bare = re.escape(key)
    return f"(?:\"{bare}\"|'{bare}'|{bare})"
