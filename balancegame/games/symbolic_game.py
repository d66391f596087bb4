"""Games whose payoffs are sympy expressions in named parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from balancegame._checks import check_names, check_text
from balancegame._numbers import Number, shorten
from balancegame._words import counted
from balancegame.errors import InvalidShapeError, InvalidTypeError
from balancegame.games.exact_evaluation import value_at
from balancegame.games.expressions import (
    check_domain,
    find_symbol,
    rational,
    read_conditions,
    read_expression,
    read_values,
    symbols_of,
)
from balancegame.games.narrow_text import narrow_table, wrapped
from balancegame.games.normal_form import NormalFormGame
from balancegame.games.numpy_function import NumpyFunction
from balancegame.games.payoff_input import check_shape, read_actions
from balancegame.games.profiles import Profile, action_index, player_index, profile_entries

Expressions = NDArray[np.object_]

_MOST_CELLS = 12  # of a two-player game shown in full


class SymbolicGame:
    """A finite game in normal form whose payoffs are sympy expressions; immutable.

    Parameters
    ----------
    payoffs : nested sequences or array of expressions, shape (n, m_0, ..., m_{n-1})
        As for `NormalFormGame`. Entries are sympy expressions or numbers; numbers are taken
        exactly, floats at their exact binary value. Text is read as a number (``"1/3"``), never
        parsed as a formula.
    players, actions, title
        As for `NormalFormGame`.
    domain : sequence of sympy inequalities
        What may be taken for granted of the parameters, beyond what their symbols assume
        (``sympy.Symbol("c", positive=True)``). Derived conditions hold on this domain.
    notation : mapping {symbol's name: LaTeX}, optional
        How LaTeX writes symbols.

    Raises
    ------
    InvalidShapeError
        Ragged payoffs, or axes that do not match the players.
    InvalidPayoffError, InvalidExpressionError, InvalidTypeError
        An entry that is no expression of real numbers, symbols, ``+``, ``*``, powers, exp, log,
        Max, Min, Abs, Piecewise; or two symbols of one name.

    Examples
    --------
    >>> import sympy
    >>> import balancegame as bg
    >>> b, c = sympy.symbols("b c", positive=True)
    >>> game = bg.SymbolicGame.from_arrays(
    ...     [[b - c, -c], [b, 0]], [[b - c, b], [-c, 0]], actions=["help", "withhold"]
    ... )
    >>> game.payoff("player 0", ["help", "withhold"])
    -c
    >>> game.at({"b": 2, "c": "1/3"}).exact_payoffs[0, 0, 0]
    Fraction(5, 3)
    """

    __slots__ = ("_actions", "_domain", "_notation", "_payoffs", "_players", "_symbols", "_title")
    _payoffs: Expressions | None
    _players: tuple[str, ...]
    _actions: tuple[tuple[str, ...], ...]
    _domain: tuple[Any, ...]
    _notation: dict[str, str]
    _symbols: dict[str, Any]
    _title: str

    def __init__(
        self,
        payoffs: Any,
        players: Sequence[str] | None = None,
        actions: Sequence[str] | Sequence[Sequence[str]] | None = None,
        *,
        domain: Sequence[Any] = (),
        notation: Mapping[str, str] | None = None,
        title: str = "",
    ) -> None:
        table = _read_table(payoffs)
        n = table.shape[0]
        names = (
            tuple(f"player {i}" for i in range(n))
            if players is None
            else check_names(players, "players")
        )
        if len(names) != n:
            message = f"players names {counted(len(names), 'player')}, but the payoffs are for {n}"
            raise InvalidShapeError(message)
        table.setflags(write=False)
        facts = read_conditions(domain, "domain")
        self._fill(table, names, read_actions(actions, names, table.shape[1:]), facts)
        self._describe(symbols_of([*table.ravel(), *facts]), notation or {}, title)

    @classmethod
    def from_arrays(
        cls,
        *payoffs: Any,
        players: Sequence[str] | None = None,
        actions: Sequence[str] | Sequence[Sequence[str]] | None = None,
        domain: Sequence[Any] = (),
        notation: Mapping[str, str] | None = None,
        title: str = "",
    ) -> Self:
        """Build a game from one array of expressions a player, all with the same axes.

        Parameters are as for the class.
        """
        return cls(list(payoffs), players, actions, domain=domain, notation=notation, title=title)

    def _fill(
        self,
        table: Expressions | None,
        players: tuple[str, ...],
        actions: tuple[tuple[str, ...], ...],
        domain: tuple[Any, ...],
    ) -> None:
        for name, value in (("payoffs", table), ("players", players), ("actions", actions)):
            object.__setattr__(self, f"_{name}", value)
        known = [fact for fact in domain if fact != sp.true]
        object.__setattr__(self, "_domain", tuple(known))

    def _describe(
        self, symbols: Mapping[str, Any], notation: Mapping[str, str], title: str
    ) -> None:
        object.__setattr__(self, "_symbols", dict(symbols))
        object.__setattr__(self, "_notation", dict(notation))
        object.__setattr__(self, "_title", check_text(title, "title"))

    @property
    def payoffs(self) -> Expressions:
        """Read-only array of expressions, shape (n, m_0, ..., m_{n-1})."""
        if self._payoffs is None:
            table = np.empty((self.n_players, *self.shape), dtype=object)
            for cell in np.ndindex(*self.shape):
                table[(slice(None), *cell)] = self.cell(cell)
            table.setflags(write=False)
            object.__setattr__(self, "_payoffs", table)
        return self._payoffs  # pyright: ignore[reportReturnType]

    def cell(self, indices: Sequence[int]) -> tuple[Any, ...]:
        """Every player's payoff expression at a profile of action indices."""
        return tuple(self.payoffs[(slice(None), *indices)])

    @property
    def players(self) -> tuple[str, ...]:
        """The players' names."""
        return self._players

    @property
    def actions(self) -> tuple[tuple[str, ...], ...]:
        """Each player's action names."""
        return self._actions

    @property
    def symbols(self) -> dict[str, Any]:
        """The parameters by name, as sympy symbols."""
        return dict(self._symbols)

    @property
    def domain(self) -> tuple[Any, ...]:
        """What is taken for granted of the parameters, beyond the symbols' own assumptions."""
        return self._domain

    @property
    def notation(self) -> dict[str, str]:
        """How LaTeX writes symbols, by name."""
        return dict(self._notation)

    @property
    def title(self) -> str:
        """What the game is called; may be empty."""
        return self._title

    @property
    def shape(self) -> tuple[int, ...]:
        """The number of actions of each player."""
        return tuple(map(len, self._actions))

    @property
    def n_players(self) -> int:
        """The number of players."""
        return len(self._players)

    def symbol(self, name: str) -> Any:
        """The sympy symbol of that name.

        Raises
        ------
        UnknownParameterError
        """
        return find_symbol(name, self._symbols)

    def profile(self, profile: Profile) -> tuple[int, ...]:
        """A pure profile as action indices.

        Raises
        ------
        UnknownPlayerError, UnknownActionError, InvalidShapeError, InvalidTypeError
        """
        entries = profile_entries(profile, self._players)
        return tuple(
            _index(entry, player, names)
            for entry, player, names in zip(entries, self._players, self._actions, strict=True)
        )

    def payoff(self, player: str | int, profile: Profile) -> Any:
        """A player's payoff at a pure profile, as an expression.

        Raises
        ------
        UnknownPlayerError, UnknownActionError, InvalidShapeError, InvalidTypeError
        """
        return self.cell(self.profile(profile))[player_index(player, self._players)]

    def at(self, values: Mapping[Any, Number]) -> NormalFormGame:
        """The game at given parameters.

        Parameters
        ----------
        values : mapping {name or symbol: number}
            One for every symbol; floats count at their exact binary value.

        Returns
        -------
        NormalFormGame
            Payoffs are exact where they are rational; others are floats, good to the last digit.

        Raises
        ------
        UnknownParameterError, InvalidParameterError
            A value missing or outside the domain.
        InvalidPayoffError
            A payoff that is not defined there.
        """
        exact = read_values(values, self._symbols)
        check_domain(self._domain, exact)
        table = np.empty(self.payoffs.shape, dtype=object)
        flat = table.reshape(-1)
        for place, expression in enumerate(self.payoffs.ravel()):
            flat[place] = value_at(expression, exact)
        return NormalFormGame(table, self._players, self._actions, title=self._title)

    def fix(self, values: Mapping[Any, Any]) -> SymbolicGame:
        """The game with some parameters replaced, by numbers or expressions in others.

        Examples
        --------
        >>> import sympy
        >>> import balancegame as bg
        >>> x, y = sympy.symbols("x y")
        >>> bg.SymbolicGame([[x * y, x + y]]).fix({"y": 2}).payoffs
        array([[2*x, x + 2]], dtype=object)
        """
        if not isinstance(values, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]
            message = f"values is {shorten(values)}; give a mapping {{name: number or expression}}"
            raise InvalidTypeError(message)
        given = {find_symbol(name, self._symbols): value for name, value in values.items()}
        numbers = {name: value for name, value in given.items() if not isinstance(value, sp.Basic)}
        replaced = {name: read_expression(value, name.name) for name, value in given.items()}
        for symbol, value in read_values(numbers, self._symbols, all_of_them=False).items():
            replaced[symbol] = rational(value)
        table = np.empty(self.payoffs.shape, dtype=object)
        table.reshape(-1)[:] = [one.subs(replaced) for one in self.payoffs.ravel()]
        domain = [fact.subs(replaced) for fact in self._domain]
        if sp.false in domain:
            broken = self._domain[domain.index(sp.false)]
            check_domain([broken], read_values(numbers, self._symbols, all_of_them=False))
        return SymbolicGame(
            table, self._players, self._actions,
            domain=domain, notation=self._notation, title=self._title,
        )  # fmt: skip

    def function(self) -> NumpyFunction:
        """All payoffs as a numpy function of the parameters.

        Returns
        -------
        NumpyFunction
            Its value is a list of arrays, in the order of ``payoffs.ravel()``, each of the
            arguments' common shape.
        """
        return NumpyFunction(tuple(self.payoffs.ravel()), list(self._symbols.values()))

    def latex(self, expression: Any) -> str:
        """An expression or condition in LaTeX, in the game's notation."""
        names = {symbol: self._notation.get(name) for name, symbol in self._symbols.items()}
        return sp.latex(expression, symbol_names={s: text for s, text in names.items() if text})

    def __setattr__(self, name: str, value: object) -> None:
        message = f"a SymbolicGame is immutable; build a new one instead of setting {name!r}"
        raise AttributeError(message)

    def __delattr__(self, name: str) -> None:
        message = f"a SymbolicGame is immutable; {name!r} cannot be deleted"
        raise AttributeError(message)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SymbolicGame):
            return NotImplemented
        same = (self._players, self._actions, self._domain) == (
            other._players, other._actions, other._domain
        )  # fmt: skip
        return same and bool(np.all(self.payoffs == other.payoffs))

    def __hash__(self) -> int:
        return hash((self._players, self._actions, self._domain))

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (
            self.payoffs, self._players, self._actions, self._domain, self._notation, self._title,
        )  # fmt: skip

    def __repr__(self) -> str:
        title = f" {self._title!r}" if self._title else ""
        sizes = " x ".join(map(str, self.shape))
        lines = [
            wrapped(
                f"{type(self).__name__}{title}: {sizes}, in {', '.join(self._symbols) or 'numbers'}"
            )
        ]
        if self.n_players == 2 and self.shape[0] * self.shape[1] <= _MOST_CELLS:
            rows = [["", *self._actions[1]]]
            for a, name in enumerate(self._actions[0]):
                cells = [", ".join(map(str, self.cell((a, b)))) for b in range(self.shape[1])]
                rows.append([name, *cells])
            lines.append(narrow_table(rows))
        else:
            rows = [["player", "actions"]]
            rows += [[p, ", ".join(a)] for p, a in zip(self._players, self._actions, strict=True)]
            lines.append(narrow_table(rows))
        if self._domain:
            domain = ", ".join(map(str, self._domain))
            lines.append(wrapped(f"domain: {domain}", indent="  "))
        return "\n".join(lines)


def _rebuild(
    payoffs: Expressions,
    players: tuple[str, ...],
    actions: tuple[tuple[str, ...], ...],
    domain: tuple[Any, ...],
    notation: dict[str, str],
    title: str,
) -> SymbolicGame:
    return SymbolicGame(payoffs, players, actions, domain=domain, notation=notation, title=title)


def _read_table(payoffs: Any) -> Expressions:
    try:
        given = np.array(payoffs, dtype=object)
    except ValueError:
        given = np.empty(0, dtype=object)
    if given.ndim < 2 or any(isinstance(one, list | tuple | np.ndarray) for one in given.ravel()):
        message = "the payoffs are ragged: every row of every player's array must be equally long"
        raise InvalidShapeError(message)
    check_shape(given)
    table = np.empty(given.shape, dtype=object)
    for cell in np.ndindex(*given.shape):
        table[cell] = read_expression(given[cell], f"payoffs{list(cell)}")
    return table


def _index(entry: Any, player: str, names: Sequence[str]) -> int:
    vector = entry if isinstance(entry, tuple | list | np.ndarray) else None
    if vector is not None and len(vector) == len(names) and sorted(vector)[-1] == sum(vector) == 1:
        return int(np.argmax(vector))  # an equilibrium's own pure strategy
    if isinstance(entry, bool) or not isinstance(entry, str | int | np.integer):
        message = f"the entry of {player} is {shorten(entry)}; name one action: a pure profile"
        raise InvalidTypeError(message)
    return action_index(entry, player, names)
