"""Whether a game has a potential, exact or weighted; the potential, or the cycle that refutes it.

Monderer and Shapley (1996): a game has an exact potential P, with u_i rising by as much as P
whenever player i alone moves, iff over every closed path of four moves by two players the movers'
gains sum to 0. With weights w_i > 0 and gains of w_i times the rise of P, iff the gains divided by
their movers' weights do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Any, cast, final

import numpy as np
from numpy.typing import NDArray

from balancegame._checks import check_type
from balancegame._numbers import format_fraction
from balancegame._progress import report
from balancegame.errors import InvalidTypeError, TooManyProfilesError
from balancegame.games.alignment import AlignmentGame
from balancegame.games.as_json import AsJson
from balancegame.games.equal_content import EqualByContent
from balancegame.games.integer_payoffs import integer_tables
from balancegame.games.narrow_text import wrapped
from balancegame.games.normal_form import NormalFormGame
from balancegame.games.rendering import fraction_number
from balancegame.games.repeated_game import RepeatedGame
from balancegame.solvers.four_cycle import FourCycle, cycle_lines

_MOST_STATES = 14  # of an alignment game whose potential is written out

Objects = NDArray[np.object_]


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class PotentialResult(AsJson, EqualByContent):
    """Whether a game has a potential; true in an `if` where it has an exact one.

    Attributes
    ----------
    game : NormalFormGame
    exact, weighted : bool
        Whether there is an exact potential; a weighted one. An exact one is weighted, too.
    exact_weights : tuple of Fraction or None
        Positive weights, one a player: 1 for an exact potential; the first player of each group
        of players linked by the payoffs has weight 1.
    exact_potential : array of Fraction or None
        The potential with these weights, of the game's shape, 0 at the first profile.
    cycle : FourCycle or None
        One that refutes an exact potential, of largest defect among its two players'.
    weighted_cycles : tuple of FourCycle
        Cycles whose gains no positive weights balance at once; empty if some do.
    """

    game: NormalFormGame
    exact: bool
    weighted: bool
    exact_weights: tuple[Fraction, ...] | None
    exact_potential: Objects | None
    cycle: FourCycle | None
    weighted_cycles: tuple[FourCycle, ...]

    @property
    def potential(self) -> NDArray[np.float64] | None:
        """The potential in floats."""
        return None if self.exact_potential is None else self.exact_potential.astype(np.float64)

    @property
    def weights(self) -> NDArray[np.float64] | None:
        """The weights in floats, shape (n,)."""
        if self.exact_weights is None:
            return None
        return np.array([float(value) for value in self.exact_weights])

    @property
    def maximisers(self) -> tuple[tuple[str, ...], ...]:
        """The profiles of highest potential, all of them pure equilibria; () without a potential.

        Action names, in lexicographic order of the actions' places.
        """
        if self.exact_potential is None:
            return ()
        most = self.exact_potential.max()
        cells = np.argwhere(np.asarray(self.exact_potential == most, dtype=bool))
        return tuple(_named(self.game, cell.tolist()) for cell in cells)

    def __bool__(self) -> bool:
        return self.exact

    def to_dict(self) -> dict[str, Any]:
        """The answer in plain types, ready for JSON; exact numbers as text such as ``"1/3"``."""
        potential = self.exact_potential
        return {
            "exact": self.exact,
            "weighted": self.weighted,
            "weights": None
            if self.exact_weights is None
            else [format_fraction(value) for value in self.exact_weights],
            "potential": None
            if potential is None
            else [format_fraction(value) for value in potential.ravel().tolist()],
            "shape": list(self.game.shape),
            "cycle": None if self.cycle is None else self.cycle.to_dict(),
            "weighted_cycles": [one.to_dict() for one in self.weighted_cycles],
        }

    def __repr__(self) -> str:
        if self.exact:
            return "Exact potential game"
        lines = []
        if self.exact_weights is not None:
            weights = ", ".join(fraction_number(value) for value in self.exact_weights)
            lines.append(f"Weighted potential game, weights {weights}; no exact potential:")
        else:
            lines.append("No potential, exact or weighted:")
        cycles = self.weighted_cycles or ((self.cycle,) if self.cycle is not None else ())
        lines = [wrapped(line) for line in lines]
        return "\n".join([*lines, *(line for one in cycles for line in cycle_lines(one))])


def is_potential(game: NormalFormGame | AlignmentGame) -> PotentialResult:
    """Whether a game has an exact or a weighted potential, decided exactly.

    Parameters
    ----------
    game : NormalFormGame or AlignmentGame
        Any number of players and actions; floats count at their exact binary value. An
        `AlignmentGame` of up to 14 states is asked about as its `normal_form`.

    Returns
    -------
    PotentialResult
        With the potential and its weights, or with the cycles of four moves that refute them.

    Raises
    ------
    InvalidTypeError
        Another kind of game; the message says which part of it can be asked about.
    TooManyProfilesError
        An `AlignmentGame` of more states, whose potential is -E / 2 by construction.

    Notes
    -----
    An exact potential is summed up along a path and checked at every profile, in integers, time
    n times the number of profiles. Only where that fails are pairs of players compared.

    References
    ----------
    D. Monderer and L. S. Shapley (1996), "Potential games", Games and Economic Behavior 14,
    124-143.

    Examples
    --------
    >>> import balancegame as bg
    >>> hunt = bg.NormalFormGame.from_arrays([[4, 1], [3, 3]], [[4, 3], [1, 3]])
    >>> bg.is_potential(hunt).potential
    array([[ 0., -1.],
           [-1.,  1.]])
    >>> pennies = bg.NormalFormGame.from_arrays([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    >>> bg.is_potential(pennies)
    No potential, exact or weighted:
      (a0, a0) -> (a1, a0) -> (a1, a1) -> (a0, a1) -> back
        gains of player 0 and player 1 in turn: -2, -2, -2, -2
    """
    game = _in_normal_form(game)
    tables, denominators = _integers(game)
    common = int(np.lcm.reduce(np.array(denominators, dtype=object)))
    scaled = [table * (common // d) for table, d in zip(tables, denominators, strict=True)]
    ones = tuple(Fraction(1) for _ in scaled)
    found = _integrated(scaled)
    if found is not None:
        return PotentialResult(
            game=game,
            exact=True,
            weighted=True,
            exact_weights=ones,
            exact_potential=_fractions(found, Fraction(1, common)),
            cycle=None,
            weighted_cycles=(),
        )
    comparison = _Comparison(game, scaled, common)
    weights, conflict = comparison.weights()
    potential = None
    if weights is not None:
        potential = _weighted_potential(scaled, weights, common)
    return PotentialResult(
        game=game,
        exact=False,
        weighted=weights is not None,
        exact_weights=weights,
        exact_potential=potential,
        cycle=comparison.first_defect(),
        weighted_cycles=conflict,
    )


def _in_normal_form(game: object) -> NormalFormGame:
    if isinstance(game, RepeatedGame):
        message = (
            "game is a RepeatedGame, whose strategies have no table; ask about a stage, one of "
            "game.stages"
        )
        raise InvalidTypeError(message)
    if not isinstance(game, AlignmentGame):
        check_type(game, NormalFormGame, "game")
        return cast("NormalFormGame", game)
    if game.n_states > _MOST_STATES:
        message = (
            f"game has {game.n_states} states, and the potentials of up to {_MOST_STATES} are "
            "written out; an AlignmentGame has the exact potential -E / 2, see its exact_energy"
        )
        raise TooManyProfilesError(message)
    return game.normal_form()


def _integers(game: NormalFormGame) -> tuple[list[Objects], tuple[int, ...]]:
    given = integer_tables(game)
    return [given.tables[i] for i in range(game.n_players)], given.denominators


def _integrated(tables: Sequence[Objects]) -> Objects | None:
    """The exact potential that is 0 at the first profile, or None if there is none."""
    tables = _narrow(tables)
    total = np.zeros_like(tables[0])
    for i, table in enumerate(tables):
        # Player i moves last: those after him stand at their first actions.
        part = table[(slice(None),) * (i + 1) + (0,) * (table.ndim - i - 1)]
        steps = part - part[..., :1]
        total = total + steps.reshape(steps.shape + (1,) * (table.ndim - i - 1))
    for i, table in enumerate(tables):
        difference = table - total
        if np.any(difference != difference.take([0], axis=i)):
            return None
        report("potential", i + 1, len(tables))
    return total.astype(object)


def _narrow(tables: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
    """The same integers in 64 bits, if nothing summed from them can overflow there."""
    most = max(int(np.abs(table).max()) for table in tables)
    if most * 4 * (len(tables) + 1) >= 1 << 62:
        return list(tables)
    return [table.astype(np.int64) for table in tables]


def _weighted_potential(
    tables: Sequence[Objects], weights: Sequence[Fraction], common: int
) -> Objects:
    """The potential of payoffs divided by weights, over one denominator."""
    scale = int(np.lcm.reduce(np.array([w.numerator for w in weights], dtype=object)))
    divided = [
        table * int(scale * w.denominator // w.numerator)
        for table, w in zip(tables, weights, strict=True)
    ]
    found = _integrated(divided)
    if found is None:  # pragma: no cover
        message = "weights balance all cycles of four, but give no potential"
        raise AssertionError(message)
    return _fractions(found, Fraction(1, common * scale))


def _fractions(values: Objects, unit: Fraction) -> Objects:
    found = np.empty(values.shape, dtype=object)
    found.reshape(-1)[:] = [int(value) * unit for value in values.ravel()]
    found.setflags(write=False)
    return found


class _Comparison:
    """Mixed differences of the payoffs of two players over the actions of both.

    For player i's it is u_i(a, b) - u_i(0, b) - u_i(a, 0) + u_i(0, 0). Over the cycle of the
    same moves the gains sum to j's difference less i's.
    """

    def __init__(self, game: NormalFormGame, tables: Sequence[Objects], common: int) -> None:
        self._game = game
        self._tables = _narrow(tables)
        self._common = common

    def _differences(self, i: int, j: int) -> tuple[NDArray[Any], NDArray[Any]]:
        found: list[NDArray[Any]] = []
        for table in (self._tables[i], self._tables[j]):
            once = table - table.take([0], axis=i)
            found.append(once - once.take([0], axis=j))
        return found[0], found[1]

    def first_defect(self) -> FourCycle | None:
        """The cycle of largest defect of the first pair of players that has one."""
        for i, j in combinations(range(len(self._tables)), 2):
            mine, theirs = self._differences(i, j)
            if np.any(mine != theirs):
                at = int(np.abs(theirs - mine).argmax())
                return self._cycle(i, j, at)
        return None

    def weights(self) -> tuple[tuple[Fraction, ...] | None, tuple[FourCycle, ...]]:
        """Weights that balance all cycles, or cycles that no weights balance.

        A cycle of i and j demands that i's difference be w_i / w_j times j's.
        """
        n = len(self._tables)
        ratios: dict[tuple[int, int], tuple[Fraction, FourCycle]] = {}
        for i, j in combinations(range(n), 2):
            mine, theirs = (one.ravel() for one in self._differences(i, j))
            alone = np.flatnonzero((mine != 0) != (theirs != 0))
            if len(alone):
                return None, (self._cycle(i, j, int(alone[0])),)
            places = np.flatnonzero(mine != 0)
            if not len(places):
                continue
            first = int(places[0])
            p, q = int(mine[first]), int(theirs[first])
            if (p > 0) != (q > 0):
                return None, (self._cycle(i, j, first),)
            # Products may need more than 64 bits.
            odd = np.flatnonzero(mine.astype(object) * q != theirs.astype(object) * p)
            if len(odd):
                return None, (self._cycle(i, j, first), self._cycle(i, j, int(odd[0])))
            ratios[i, j] = Fraction(p, q), self._cycle(i, j, first)
            report("weights", i + 1, n)
        return _spread(n, ratios)

    def _cycle(self, i: int, j: int, flat: int) -> FourCycle:
        """The cycle through a cell, and the same with i's and j's first actions."""
        corner = [int(a) for a in np.unravel_index(flat, self._game.shape)]
        path: list[list[int]] = []
        for a, b in ((0, 0), (corner[i], 0), (corner[i], corner[j]), (0, corner[j])):
            profile = list(corner)
            profile[i], profile[j] = a, b
            path.append(profile)
        gains: list[Fraction] = []
        for step, mover in enumerate((i, j, i, j)):
            table = self._tables[mover]
            here, there = tuple(path[step]), tuple(path[(step + 1) % 4])
            gains.append(Fraction(int(table[there]) - int(table[here]), self._common))
        return FourCycle(
            (self._game.players[i], self._game.players[j]),
            tuple(_named(self._game, profile) for profile in path),
            (gains[0], gains[1], gains[2], gains[3]),
        )


def _spread(
    n: int, ratios: dict[tuple[int, int], tuple[Fraction, FourCycle]]
) -> tuple[tuple[Fraction, ...] | None, tuple[FourCycle, ...]]:
    """Weights from ratios w_i / w_j of pairs, or the ring of pairs whose ratios disagree."""
    links: dict[int, list[tuple[int, Fraction, FourCycle]]] = {i: [] for i in range(n)}
    for (i, j), (ratio, cycle) in ratios.items():
        links[i].append((j, 1 / ratio, cycle))
        links[j].append((i, ratio, cycle))
    weights: dict[int, Fraction] = {}
    roads: dict[int, tuple[FourCycle, ...]] = {}
    for root in range(n):
        if root in weights:
            continue
        weights[root], roads[root] = Fraction(1), ()
        waiting = [root]
        while waiting:
            here = waiting.pop(0)
            for there, factor, cycle in links[here]:
                value = weights[here] * factor
                if there not in weights:
                    weights[there] = value
                    roads[there] = (*roads[here], cycle)
                    waiting.append(there)
                elif weights[there] != value:
                    ring = [one for one in (*roads[here], cycle) if one not in roads[there]]
                    ring += [one for one in roads[there] if one not in roads[here]]
                    return None, tuple(ring)
    return tuple(weights[i] for i in range(n)), ()


def _named(game: NormalFormGame, profile: Sequence[int]) -> tuple[str, ...]:
    return tuple(names[a] for names, a in zip(game.actions, profile, strict=True))
