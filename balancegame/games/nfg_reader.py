"""Reading Gambit's strategic-form files (.nfg), payoff and outcome versions.

The format is described in the Gambit manual, "The strategic game (.nfg) file format" (McKelvey,
McLennan & Turocy). Contingencies are listed with the first player's action varying fastest, which
is numpy's Fortran order.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from balancegame._checks import check_table_fits
from balancegame._numbers import parse_number, shorten
from balancegame._words import counted
from balancegame.errors import BalanceGameError, GameFormatError, InvalidTypeError
from balancegame.games.normal_form import NormalFormGame

_TOKEN = re.compile(r'\s+|(?P<text>"(?:\\.|[^"\\])*")|(?P<brace>[{}])|,|(?P<word>[^\s{}",]+)')
_HEADING = re.compile(r"\ufeff?\s*NFG\s")
_MAX_BYTES = 1 << 30


def read_nfg(path_or_text: str | Path) -> NormalFormGame:
    r"""Read a strategic-form game from a .nfg file or its text.

    Both the payoff and the outcome version are read; numbers are kept exactly. Blank player or
    action labels get the default names.

    Parameters
    ----------
    path_or_text : str or Path
        A path, or the text itself, which begins with ``NFG`` and a space.

    Raises
    ------
    GameFormatError
        The file does not follow the format; the message names file and line.

    Examples
    --------
    >>> import balancegame as bg
    >>> game = bg.read_nfg('NFG 1 R "coordination" { "A" "B" } { 2 2 }\n 2 1/3 0 0 0 0 1 1')
    >>> game.exact_payoffs[:, 0, 0]
    array([Fraction(2, 1), Fraction(1, 3)], dtype=object)
    """
    if isinstance(path_or_text, str) and _HEADING.match(path_or_text):
        return _Reader(path_or_text.removeprefix("\ufeff"), "the text").game()
    if not isinstance(path_or_text, str | os.PathLike):  # pyright: ignore[reportUnnecessaryIsInstance]
        message = f"{shorten(path_or_text)} is neither a path nor the text of a .nfg file"
        raise InvalidTypeError(message)
    path = Path(path_or_text)
    try:
        if path.stat().st_size > _MAX_BYTES:
            message = f"{path.name} is larger than {_MAX_BYTES >> 20} MiB"
            raise GameFormatError(message)
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        if isinstance(error, BalanceGameError):
            raise
        reason = getattr(error, "strerror", None) or str(error)
        message = f"cannot read {str(path_or_text)[:200]!r} as a .nfg file: {reason}"
        raise GameFormatError(message) from None
    return _Reader(text, path.name).game()


class _Reader:
    """A recursive-descent reader that knows the line it is on."""

    def __init__(self, text: str, source: str) -> None:
        self._source = source
        self._length = len(text)
        self._line = 1
        self._last_line = text.count("\n") + 1
        self._tokens = self._scan(text)
        self._next, self._next_line = next(self._tokens, ("", self._last_line))

    def game(self) -> NormalFormGame:
        title = self._header()
        players = self._names("player")
        actions = self._actions(len(players))
        if self._next.startswith('"'):
            self._take()  # a comment
        shape = tuple(map(len, actions))
        by_profile = self._outcomes(players, shape) if self._next == "{" else self._payoffs(shape)
        if self._take():
            self._fail(f"expected the end of the file after {math.prod(shape)} profiles")
        table = np.stack([column.reshape(shape, order="F") for column in by_profile.T])
        return self._guard(NormalFormGame, table, players, actions, title=title)

    def _header(self) -> str:
        for expected in ("NFG", "1"):
            if self._take() != expected:
                self._fail('the file must begin with: NFG 1 R "title"')
        if self._take() not in ("R", "D"):
            self._fail("expected R or D after NFG 1")
        return " ".join(self._text("the title").split())

    def _names(self, what: str) -> list[str]:
        self._open()
        names: list[str] = []
        while self._next != "}":
            names.append(self._text(f"a {what} name"))
        if not names:
            self._fail(f"expected at least one {what}, found none")
        self._take()
        return [
            name if name.strip() else f"{what} {place}" if what == "player" else f"a{place}"
            for place, name in enumerate(names)
        ]

    def _actions(self, n_players: int) -> list[list[str]]:
        self._open()
        actions: list[list[str] | range] = []
        while self._next != "}":
            if self._next == "{":
                actions.append(self._names("action"))
            else:
                actions.append(range(self._count("a number of actions")))
        self._take()
        if len(actions) != n_players:
            self._fail(
                f"actions are given for {counted(len(actions), 'player')}, expected {n_players}"
            )
        shape = tuple(map(len, actions))
        # Before names or tables are built: a few bytes of text can ask for any amount.
        self._guard(check_table_fits, n_players, shape)
        if math.prod(shape) > self._length:
            self._fail(f"the file is too short for the {math.prod(shape):,} profiles it announces")
        return [
            [f"a{k}" for k in names] if isinstance(names, range) else names for names in actions
        ]

    def _payoffs(self, shape: tuple[int, ...]) -> NDArray[np.object_]:
        n = len(shape)
        numbers = [self._number() for _ in range(n * math.prod(shape))]
        return _column_of(numbers).reshape(-1, n)

    def _outcomes(self, players: list[str], shape: tuple[int, ...]) -> NDArray[np.object_]:
        n = len(players)
        self._open()
        rows: list[list[float]] = [[0.0] * n]  # outcome 0 pays nothing
        while self._next != "}":
            self._open()
            self._text("an outcome name")
            rows.append([self._number() for _ in range(n)])
            self._close()
        self._take()
        chosen = [self._count("an outcome's number") for _ in range(math.prod(shape))]
        if max(chosen) >= len(rows):
            self._fail(f"outcome {max(chosen)} is used, but {len(rows) - 1} are defined")
        return _column_of([value for k in chosen for value in rows[k]]).reshape(-1, n)

    def _number(self) -> float:
        token = self._take()
        if not token:
            self._fail("the file ends before all payoffs are given")
        return self._guard(parse_number, token, "the payoff")

    def _count(self, what: str) -> int:
        token = self._take()
        if not (token.isascii() and token.isdigit() and len(token) <= 9):
            self._fail(f"expected {what}, found {token[:40] or 'the end of the file'!r}")
        return int(token)

    def _text(self, what: str) -> str:
        token = self._take()
        if not token.startswith('"'):
            self._fail(f"expected {what} in quotes, found {token[:40] or 'the end of the file'!r}")
        return re.sub(r"\\(.)", r"\1", token[1:-1], flags=re.DOTALL)

    def _open(self) -> None:
        if self._take() != "{":
            self._fail("expected '{'")

    def _close(self) -> None:
        if self._take() != "}":
            self._fail("expected '}'")

    def _take(self) -> str:
        token, self._line = self._next, self._next_line
        self._next, self._next_line = next(self._tokens, ("", self._last_line))
        return token

    def _scan(self, text: str) -> Iterator[tuple[str, int]]:
        """Tokens with their lines."""
        place, line = 0, 1
        while place < len(text):
            found = _TOKEN.match(text, place)
            if found is None:
                self._line = line
                self._fail("a quoted text is not closed")
            if found.lastgroup is not None:
                yield found.group(), line
            line += text.count("\n", place, found.end())
            place = found.end()

    def _guard(self, call: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        """Name file and line in what a check says."""
        try:
            return call(*arguments, **options)
        except BalanceGameError as error:
            self._fail(str(error))

    def _fail(self, reason: str) -> NoReturn:
        message = f"{self._source}, line {self._line}: {reason}"
        raise GameFormatError(message) from None


def _column_of(numbers: list[float]) -> NDArray[np.object_]:
    column = np.empty(len(numbers), dtype=object)
    column[:] = numbers
    return column
