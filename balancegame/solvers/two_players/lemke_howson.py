"""One equilibrium of a two-player game, at the end of a path of pivots (Lemke & Howson 1964)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from balancegame._checks import check_count, check_type
from balancegame._numbers import shorten
from balancegame._progress import report
from balancegame._words import counted
from balancegame.errors import InvalidParameterError, InvalidShapeError
from balancegame.games.equilibrium_lists import ExactEquilibria, Strategy
from balancegame.games.integer_payoffs import IntegerPayoffs, integer_payoffs
from balancegame.games.normal_form import NormalFormGame
from balancegame.games.results import NashResult
from balancegame.solvers.polytopes.integer_dictionary import IntegerDictionary
from balancegame.solvers.polytopes.polytope import Polytope, best_response_polytopes
from balancegame.solvers.polytopes.vertices import (
    profile_order,
    shapley_index,
    strategy,
    tight_labels,
)

_FEW_ACTIONS = 12  # of both players together: integers are faster than loading the compiler
_REFRESH = 1 << 10  # exchanges until rounding is swept out

_FEASIBLE = 1e-7  # how far below zero a basic variable may come out in floats

Pair = tuple[int, int]
Profile = tuple[Strategy, Strategy]


def lemke_howson(game: NormalFormGame, initial_pivot: int | Literal["all"] = 0) -> NashResult:
    """One equilibrium of a two-player game by Lemke and Howson's algorithm.

    Parameters
    ----------
    game : NormalFormGame
        Of two players.
    initial_pivot : int or "all"
        The label dropped first: player 0's actions are 0 to m - 1, player 1's m to m + n - 1.
        "all" follows the path of each label and returns the different equilibria found.

    Returns
    -------
    NashResult
        Exact equilibria, extreme ones; `complete` is False, for there may be others that no such
        path reaches. `parameters` tells the number of pivots. `index` is given where the
        equilibrium is regular: it is then 1 (Shapley 1974).

    Raises
    ------
    InvalidShapeError
        The game has not two players.
    InvalidParameterError
        No such label.

    Notes
    -----
    Pivots follow the lexicographic rule, so that the path ends in degenerate games too. They are
    made in compiled floats, with dictionaries computed anew every 1,024; the end of the path is
    checked exactly, and if floats went astray the path is followed again in integers. The number
    of pivots can grow exponentially with the number of actions (Savani & von Stengel 2006).

    References
    ----------
    Lemke, C. E. & Howson, J. T. (1964). Equilibrium points of bimatrix games. Journal of the
    Society for Industrial and Applied Mathematics 12, 413-423.

    Examples
    --------
    >>> import balancegame as bg
    >>> game = bg.NormalFormGame.from_arrays([[3, 3], [2, 5], [0, 6]], [[3, 2], [2, 6], [3, 1]])
    >>> [[str(chance) for chance in part] for part in bg.lemke_howson(game, 1)[0].exact]
    [['0', '1/3', '2/3'], ['1/3', '2/3']]
    >>> len(bg.lemke_howson(game, "all"))
    2
    """
    check_type(game, NormalFormGame, "game")
    if game.n_players != 2:
        message = (
            f"the game has {counted(game.n_players, 'player')}; Lemke and Howson's algorithm "
            "needs 2"
        )
        raise InvalidShapeError(message)
    labels = _labels(initial_pivot, sum(game.shape))
    payoffs = integer_payoffs(game)
    polytopes = best_response_polytopes(payoffs)
    follow = _follow_in_integers if sum(game.shape) <= _FEW_ACTIONS else _follow_in_floats
    # The bases at the ends, with all labels tight there.
    ends: dict[Pair, Pair] = {}
    pivots = 0
    for done, label in enumerate(labels):
        report("Lemke-Howson paths", done, len(labels))
        bases, tight, length = follow(polytopes, label)
        pivots += length
        ends[bases] = tight
    return _result(game, payoffs, polytopes, ends, initial_pivot, pivots)


def _result(
    game: NormalFormGame,
    payoffs: tuple[IntegerPayoffs, ...],
    polytopes: tuple[Polytope, Polytope],
    ends: dict[Pair, Pair],
    initial_pivot: int | str,
    pivots: int,
) -> NashResult:
    # Degenerate bases can differ and mean the same profile.
    profiles: dict[Profile, int | None] = {}
    for bases, tight in ends.items():
        profile = strategy(polytopes[0], bases[0]), strategy(polytopes[1], bases[1])
        # Regular where no label is tight beyond the bases.
        index = shapley_index(polytopes, *bases) if tight == bases else None
        profiles.setdefault(profile, index)
    ordered = sorted(profiles, key=lambda profile: profile_order(*profile))
    reason = (
        f"the path of label {initial_pivot} was followed; there may be other equilibria"
        if initial_pivot != "all"
        else "the paths of all labels were followed; there may be equilibria that none reaches"
    )
    places = [(place, place) for place in range(len(ordered))]
    return NashResult(
        game,
        ExactEquilibria(
            game,
            payoffs,
            (tuple(first for first, _ in ordered), tuple(second for _, second in ordered)),
            places,
            tuple(profiles[profile] for profile in ordered),
        ),
        method="Lemke-Howson",
        parameters={"initial_pivot": initial_pivot, "pivots": pivots},
        complete=False,
        reason=reason,
    )


def _follow_in_integers(
    polytopes: tuple[Polytope, Polytope], first_label: int
) -> tuple[Pair, Pair, int]:
    dictionaries = IntegerDictionary(polytopes[0]), IntegerDictionary(polytopes[1])
    # The origins have every label between them; a player's own is tight at his.
    turn, label, pivots = int(first_label >= polytopes[0].dimension), first_label, 0
    while True:
        here = dictionaries[turn]
        column = here.column_of(label)
        label = here.exchange(here.leaving_row(column), column)
        turn = 1 - turn
        pivots += 1
        if label == first_label:
            first, second = dictionaries
            return (first.basis, second.basis), (first.tight, second.tight), pivots
        if pivots % _REFRESH == 0:
            report("pivots in integers", pivots, pivots + _REFRESH)


def _follow_in_floats(
    polytopes: tuple[Polytope, Polytope], first_label: int
) -> tuple[Pair, Pair, int]:
    try:
        path = _FloatPath(polytopes, first_label)
    except OverflowError:
        return _follow_in_integers(polytopes, first_label)
    bases = path.follow()
    if bases is not None and bases != (polytopes[0].origin, polytopes[1].origin):
        first, second = map(tight_labels, polytopes, bases)
        if first is not None and second is not None and _is_an_end(polytopes, bases, first, second):
            return bases, (first, second), path.pivots
    return _follow_in_integers(polytopes, first_label)


def _is_an_end(polytopes: tuple[Polytope, Polytope], bases: Pair, first: int, second: int) -> bool:
    """Whether a path by the lexicographic rule can end here: the perturbed points are feasible."""
    for polytope, basis, tight in zip(polytopes, bases, (first, second), strict=True):
        if tight != basis:
            dictionary = IntegerDictionary.at(polytope, basis)
            if dictionary is None or not dictionary.is_feasible():
                return False
    return True


class _FloatPath:
    """The two dictionaries in floats, and where the path has come to."""

    def __init__(self, polytopes: tuple[Polytope, Polytope], first_label: int) -> None:
        from balancegame._kernels import lemke_howson as kernel  # noqa: PLC0415 (slow load)

        self._kernel = kernel
        self._scaled = [polytope.scaled() for polytope in polytopes]
        self._tableaux = [np.column_stack([one.matrix, one.bounds]) for one in self._scaled]
        self._first = [(polytope.first_variable, polytope.first_row) for polytope in polytopes]
        self._labels = [
            (
                polytope.first_row + np.arange(len(polytope.rows)),
                polytope.first_variable + np.arange(polytope.dimension),
            )
            for polytope in polytopes
        ]
        self._first_label = first_label
        self.pivots = 0

    def follow(self) -> Pair | None:
        """The bases at the end of the path, or None if rounding led astray."""
        turn, label = int(self._first_label >= self._first[1][0]), self._first_label
        (first_rows, first_columns), (second_rows, second_columns) = self._labels
        seen: set[bytes] = set()
        while True:
            status, turn, label, count = self._kernel.follow(
                self._tableaux[0],
                self._tableaux[1],
                first_rows,
                first_columns,
                second_rows,
                second_columns,
                self._first_label,
                turn,
                label,
                _REFRESH,
            )
            self.pivots += count
            if status == self._kernel.DONE:
                return self._basis(0), self._basis(1)
            if status == self._kernel.LOST or not self._refresh():
                return None
            report("pivots", self.pivots, self.pivots + _REFRESH)
            # An exact path never comes back to a basis.
            state = b"".join(np.sort(columns).tobytes() for _, columns in self._labels)
            if state in seen:
                return None
            seen.add(state)

    def _refresh(self) -> bool:
        return all(
            self._kernel.refresh(one.matrix, one.bounds, tableau, *labels, *first)
            and tableau[:, -1].min() > -_FEASIBLE
            for one, tableau, labels, first in zip(
                self._scaled, self._tableaux, self._labels, self._first, strict=True
            )
        )

    def _basis(self, side: int) -> int:
        return sum(1 << label for label in self._labels[side][1].tolist())


def _labels(initial_pivot: object, n_labels: int) -> Sequence[int]:
    if isinstance(initial_pivot, str):
        if initial_pivot != "all":
            message = f'initial_pivot is {shorten(initial_pivot)}; give a label, or "all"'
            raise InvalidParameterError(message)
        return range(n_labels)
    label = check_count(initial_pivot, "initial_pivot", 0)
    if label >= n_labels:
        message = (
            f"initial_pivot is {label}; the game has labels 0 to {n_labels - 1}, player 0's "
            'actions first, then player 1\'s. "all" follows each'
        )
        raise InvalidParameterError(message)
    return [label]
