"""Games in normal form.

Definitions (Nash 1950)
-----------------------
A game has *players* 0, ..., n - 1, each with finitely many *actions*. A *profile* names one action
a player; it is *mixed* when it names a probability vector a player. A player's *best response* to
the others' part of a profile is an action with the highest payoff against it; the most he gains by
moving to one is his *regret*. A profile in which nobody has regret is a *Nash equilibrium*.

All payoffs lie in one tensor, ``payoffs[i, a_0, ..., a_{n-1}]``, with the action axes in the order
of the players for everybody: ``payoffs[1]`` of a two-player game is player 1's matrix with player
0's actions as rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from balancegame._checks import check_names, check_text
from balancegame._words import counted
from balancegame.errors import InvalidShapeError
from balancegame.games.game_rendering import game_html, game_text
from balancegame.games.latex import game_latex
from balancegame.games.nfg_writer import write_nfg
from balancegame.games.payoff_input import (
    as_array,
    check_finite,
    check_shape,
    read_actions,
    read_payoffs,
)
from balancegame.games.profiles import Profile, mixed_profile

Floats = NDArray[np.float64]


class NormalFormGame:
    """A finite game in normal form, with named players and actions; immutable.

    Parameters
    ----------
    payoffs : array_like, shape (n, m_0, ..., m_{n-1})
        ``payoffs[i, a_0, ..., a_{n-1}]`` is player i's payoff. Entries are int, float, Fraction,
        Decimal, or text such as ``"1/3"``; all but floats are kept exactly, and floats stand for
        their exact binary value.
    players : sequence of str, optional
        Default ``"player 0"``, ``"player 1"``, ...
    actions : sequence of sequences of str, optional
        Each player's actions; one flat sequence of names serves all players alike.
        Default ``"a0"``, ``"a1"``, ...
    title : str, optional

    Raises
    ------
    InvalidShapeError
        Ragged payoffs, a player without actions, or axes that do not match the players.
    InvalidPayoffError
        A payoff that is NaN, infinite or unreadable.

    Examples
    --------
    A 2 x 3 game: player 0 chooses the row of both matrices.

    >>> import balancegame as bg
    >>> game = bg.NormalFormGame.from_arrays([[3, 1, 0], [2, 2, 1]], [["1/3", 2, 1], [0, 1, 4]])
    >>> game.shape
    (2, 3)
    >>> game.exact_payoffs[1, 0, 0]
    Fraction(1, 3)
    >>> game.expected_payoffs([0, [0.5, 0.5, 0]])
    array([2.        , 1.16666667])
    """

    __slots__ = ("_actions", "_exact", "_payoffs", "_players", "_title")

    _payoffs: Floats
    _exact: NDArray[np.object_] | None
    _players: tuple[str, ...]
    _actions: tuple[tuple[str, ...], ...]
    _title: str

    def __init__(
        self,
        payoffs: ArrayLike | Sequence[Any],
        players: Sequence[str] | None = None,
        actions: Sequence[str] | Sequence[Sequence[str]] | None = None,
        *,
        title: str = "",
    ) -> None:
        table, exact = read_payoffs(payoffs)
        self._fill(table, exact, players, actions, title)

    @classmethod
    def from_arrays(
        cls,
        *payoffs: ArrayLike | Sequence[Any],
        players: Sequence[str] | None = None,
        actions: Sequence[str] | Sequence[Sequence[str]] | None = None,
        title: str = "",
    ) -> Self:
        """Build a game from one payoff array a player, all with the same axes.

        Parameters
        ----------
        *payoffs : array_like, shape (m_0, ..., m_{n-1})
            One array a player; of two, ``A[i, j]`` and ``B[i, j]`` are both row by column.
        players, actions, title
            As for the class.

        Examples
        --------
        >>> import balancegame as bg
        >>> A, B = [[3, 0], [5, 1]], [[3, 5], [0, 1]]
        >>> bg.NormalFormGame.from_arrays(A, B, actions=["cooperate", "defect"]).actions[0]
        ('cooperate', 'defect')
        """
        if not payoffs:
            message = "no payoff array is given; give one a player"
            raise InvalidShapeError(message)
        shapes = {np.shape(as_array(one)) for one in payoffs}
        if len(shapes) > 1:
            listed = ", ".join(str(np.shape(as_array(one))) for one in payoffs)
            message = f"the players' payoff arrays have shapes {listed}; all must have the same"
            raise InvalidShapeError(message)
        return cls(list(payoffs), players, actions, title=title)

    @classmethod
    def _from_owned(
        cls,
        table: Floats,
        players: Sequence[str],
        actions: Sequence[Sequence[str]],
        *,
        exact: NDArray[np.object_] | None = None,
        title: str = "",
    ) -> Self:
        """Take over a fresh table without a copy; for builders inside the package."""
        game = object.__new__(cls)
        game._fill(table, exact, players, actions, title)
        return game

    def _fill(
        self,
        table: Floats,
        exact: NDArray[np.object_] | None,
        players: Sequence[str] | None,
        actions: Sequence[str] | Sequence[Sequence[str]] | None,
        title: str,
    ) -> None:
        check_shape(table)
        n = table.shape[0]
        names = (
            tuple(f"player {i}" for i in range(n))
            if players is None
            else check_names(players, "players")
        )
        if len(names) != n:
            message = f"players names {counted(len(names), 'player')}, but the payoffs are for {n}"
            raise InvalidShapeError(message)
        set_field = object.__setattr__
        set_field(self, "_players", names)
        set_field(self, "_actions", read_actions(actions, names, table.shape[1:]))
        check_finite(table, names, self._actions)
        table.setflags(write=False)
        set_field(self, "_payoffs", table)
        if exact is not None:
            exact.setflags(write=False)
        set_field(self, "_exact", exact)
        set_field(self, "_title", check_text(title, "title"))

    @property
    def payoffs(self) -> Floats:
        """float64, read-only, shape (n, m_0, ..., m_{n-1}); exact payoffs correctly rounded."""
        return self._payoffs

    @property
    def exact_payoffs(self) -> NDArray[np.object_]:
        """The payoffs as Fractions, same shape; floats at their exact binary value.

        Built on request: about 125 bytes a payoff.
        """
        if self._exact is not None:
            return self._exact
        exact = np.empty(self._payoffs.shape, dtype=object)
        exact.reshape(-1)[:] = [Fraction(value) for value in self._payoffs.ravel().tolist()]
        exact.setflags(write=False)
        return exact

    @property
    def has_rounded_payoffs(self) -> bool:
        """Whether some exact payoff differs from its float in `payoffs`."""
        return self._exact is not None

    @property
    def players(self) -> tuple[str, ...]:
        """The players' names."""
        return self._players

    @property
    def actions(self) -> tuple[tuple[str, ...], ...]:
        """Each player's action names."""
        return self._actions

    @property
    def title(self) -> str:
        """What the game is called; may be empty."""
        return self._title

    @property
    def shape(self) -> tuple[int, ...]:
        """The number of actions of each player."""
        return self._payoffs.shape[1:]

    @property
    def n_players(self) -> int:
        """The number of players."""
        return self._payoffs.shape[0]

    @property
    def n_profiles(self) -> int:
        """The number of pure profiles."""
        return self._payoffs[0].size

    def action_payoffs(self, profile: Profile) -> tuple[Floats, ...]:
        """Each player's payoff from each of his actions against the others' part of a profile.

        Parameters
        ----------
        profile : sequence or mapping {player: entry}
            Entries are an action's name, its index, or a probability vector.

        Returns
        -------
        tuple of arrays, the i-th of shape (m_i,)
            Exact lookups where the others play pure; float sums otherwise.

        Raises
        ------
        UnknownPlayerError, UnknownActionError, InvalidProbabilityError, InvalidShapeError

        Examples
        --------
        >>> import balancegame as bg
        >>> game = bg.NormalFormGame.from_arrays([[3, 0], [5, 1]], [[3, 5], [0, 1]])
        >>> game.action_payoffs([0, 0])
        (array([3., 5.]), array([3., 5.]))
        """
        mixed = mixed_profile(profile, self._players, self._actions)
        return tuple(self._values_for(i, mixed) for i in range(self.n_players))

    def expected_payoffs(self, profile: Profile) -> Floats:
        """Each player's expected payoff under a pure or mixed profile.

        Parameters
        ----------
        profile : sequence or mapping {player: entry}
            As for `action_payoffs`, which names the errors.

        Returns
        -------
        array, shape (n,)
            Exact lookups for a pure profile, float sums otherwise.

        Examples
        --------
        >>> import balancegame as bg
        >>> game = bg.NormalFormGame.from_arrays([[3, 0], [5, 1]], [[3, 5], [0, 1]])
        >>> game.expected_payoffs({"player 0": [0.5, 0.5], "player 1": "a1"})
        array([0.5, 3. ])
        """
        mixed = mixed_profile(profile, self._players, self._actions)
        return np.array([_dot(self._values_for(i, mixed), mixed[i]) for i in range(self.n_players)])

    def regret(self, profile: Profile) -> Floats:
        """The most each player gains by changing his part of a profile alone.

        Parameters
        ----------
        profile : sequence or mapping {player: entry}
            As for `action_payoffs`, which names the errors.

        Returns
        -------
        array, shape (n,)
            At least 0; all 0 in a Nash equilibrium, up to rounding where the profile is mixed.

        Examples
        --------
        >>> import balancegame as bg
        >>> game = bg.NormalFormGame.from_arrays([[3, 0], [5, 1]], [[3, 5], [0, 1]])
        >>> game.regret(["a0", "a0"]), game.regret([1, 1])
        (array([2., 2.]), array([0., 0.]))
        """
        mixed = mixed_profile(profile, self._players, self._actions)
        gains = np.empty(self.n_players)
        for i in range(self.n_players):
            values = self._values_for(i, mixed)
            gains[i] = max(0.0, values.max() - _dot(values, mixed[i]))
        return gains

    def _values_for(self, player: int, mixed: Sequence[Floats]) -> Floats:
        """Contract every axis but the player's own, last axis first."""
        values = self._payoffs[player]
        for j in range(self.n_players - 1, -1, -1):
            if j == player:
                continue
            support = np.flatnonzero(mixed[j])
            if len(support) == 1:
                values = values.take(support[0], axis=j)
            else:
                values = np.tensordot(values, mixed[j], axes=(j, 0))
        return values

    def to_nfg(self) -> str:
        """The game in Gambit's strategic-form format (payoff version), as text.

        Exact payoffs are written exactly, floats in the shortest decimal form that reads back to
        the same float.

        Examples
        --------
        >>> import balancegame as bg
        >>> print(bg.NormalFormGame([[1, "1/3"]], ["A"], [["x", "y"]]).to_nfg())
        NFG 1 R "" { "A" }
        <BLANKLINE>
        { { "x" "y" }
        }
        ""
        <BLANKLINE>
        1 1/3
        <BLANKLINE>
        """
        return write_nfg(self)

    def to_latex(self, *, caption: str | None = None, label: str | None = None) -> str:
        r"""The payoffs as a LaTeX table (package booktabs).

        Two players' as a bimatrix, more players' one row a profile, up to 1,000 of them, beyond
        which it raises TableTooLargeError.

        Examples
        --------
        >>> import balancegame as bg
        >>> game = bg.NormalFormGame.from_arrays([["1/3", -2]], [[0, 1]], players=["A", "B"])
        >>> print(game.to_latex(label="tab:g").split("toprule")[1])
        <BLANKLINE>
            A, B & a0 & a1 \\
            \midrule
            a0 & $\frac{1}{3}$, 0 & $-2$, 1 \\
            \bottomrule
          \end{tabular}
        \end{table}
        <BLANKLINE>
        """
        return game_latex(self, caption, label)

    def __setattr__(self, name: str, value: object) -> None:
        message = f"a NormalFormGame is immutable; build a new one instead of setting {name!r}"
        raise AttributeError(message)

    def __delattr__(self, name: str) -> None:
        message = f"a NormalFormGame is immutable; {name!r} cannot be deleted"
        raise AttributeError(message)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, NormalFormGame):
            return NotImplemented
        if (self._players, self._actions) != (other._players, other._actions):
            return False
        if not np.array_equal(self._payoffs, other._payoffs):
            return False
        if self._exact is None and other._exact is None:
            return True
        return bool(np.all(self.exact_payoffs == other.exact_payoffs))

    def __hash__(self) -> int:
        return hash((self._players, self._actions))

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (self._payoffs, self._exact, self._players, self._actions, self._title)

    def __repr__(self) -> str:
        return game_text(self)

    def _repr_html_(self) -> str:
        return game_html(self)


def _rebuild(
    table: Floats,
    exact: NDArray[np.object_] | None,
    players: Sequence[str],
    actions: Sequence[Sequence[str]],
    title: str,
) -> NormalFormGame:
    return NormalFormGame._from_owned(table, players, actions, exact=exact, title=title)  # pyright: ignore[reportPrivateUsage]


def _dot(values: Floats, probabilities: Floats) -> float:
    """Expectation over the support only, so that a pure action's payoff comes out unrounded."""
    support = np.flatnonzero(probabilities)
    if len(support) == 1:
        return float(values[support[0]])
    return float(values @ probabilities)
