"""How high history must climb to get from one stable alignment to another."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, final

import numpy as np
from numpy.typing import NDArray

from balancegame._checks import check_place, check_type
from balancegame._numbers import format_fraction
from balancegame._progress import report
from balancegame._records import record_repr
from balancegame._words import counted
from balancegame.errors import GuaranteeError
from balancegame.games.alignment import AlignmentGame
from balancegame.games.rendering import Rows, number
from balancegame.solvers.alignments.couplings import Couplings
from balancegame.solvers.alignments.stable_alignment import StableAlignments

if TYPE_CHECKING:
    import pandas as pd

LARGEST_TREE = 16
"""States up to which barriers are computed."""

_MOST_SHOWN = 8  # minima of a printed result

Groups = tuple[tuple[int, ...], ...]


@final
@dataclass(frozen=True, slots=True, repr=False)
class Saddle:
    """Where valleys of the energy meet.

    Attributes
    ----------
    exact_energy : Fraction
    valleys : tuple of tuple of int
        The minima (by their places) of each valley that meets the others here: below this energy
        none can be left for another.
    sides : tuple of int
        An alignment of that energy on a way from one of them to another.
    """

    exact_energy: Fraction
    valleys: Groups
    sides: tuple[int, ...]

    __repr__ = record_repr

    @property
    def energy(self) -> float:
        """`exact_energy`, correctly rounded."""
        return float(self.exact_energy)

    @property
    def minima(self) -> tuple[int, ...]:
        """The places of all minima that can be reached from here without climbing."""
        return tuple(sorted(place for valley in self.valleys for place in valley))


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class EnergyBarriers(StableAlignments):
    """The stable alignments of a game, and the tree of saddles between them.

    Attributes
    ----------
    game : AlignmentGame
    minima : (k, n) array of int8
        All stable alignments, as `AlignmentResult.minima` lists them.
    exact_energies : tuple of Fraction
    saddles : tuple of Saddle
        By energy; the last joins all minima. One minimum has none.

    ``result[0]`` is the first minimum, a `StableAlignment` whose basin was not counted.
    """

    saddles: tuple[Saddle, ...]

    @property
    def exact_heights(self) -> tuple[Fraction | None, ...]:
        """How far each minimum must climb to reach one of less energy; None if there is none."""
        found: list[Fraction | None] = [None] * len(self)
        for saddle in self.saddles:
            least = self.exact_energies[saddle.minima[0]]
            for place in saddle.minima:
                own = self.exact_energies[place]
                if found[place] is None and least < own:
                    found[place] = saddle.exact_energy - own
        return tuple(found)

    @property
    def heights(self) -> NDArray[np.float64]:
        """`exact_heights` as floats, shape (k,); inf for minima of least energy."""
        return np.array([math.inf if one is None else float(one) for one in self.exact_heights])

    def exact_saddle(self, first: int, second: int) -> Fraction:
        """The least energy that some alignment on every way between two minima has.

        A minimum's own energy, where both are the same.
        """
        pair = {check_place(one, len(self), "stable alignment") for one in (first, second)}
        if len(pair) == 1:
            return self.exact_energies[pair.pop()]
        return next(one.exact_energy for one in self.saddles if pair <= set(one.minima))

    def to_frame(self) -> pd.DataFrame:
        """A row a minimum: energy, barrier (inf for least energy), and every state's side."""
        import pandas as pd  # noqa: PLC0415 (slow to import, needed here only)

        frame = pd.DataFrame(self.minima, columns=list(self.game.names))
        frame.insert(0, "energy", self.energies, allow_duplicates=True)
        frame.insert(1, "barrier", self.heights, allow_duplicates=True)
        return frame

    def to_dict(self) -> dict[str, Any]:
        """The result in plain types, ready for JSON; exact numbers as text such as ``"1/3"``."""
        return {
            "game": self.game.to_dict(),
            "minima": self.minima.tolist(),
            "energies": [format_fraction(value) for value in self.exact_energies],
            "saddles": [
                {
                    "energy": format_fraction(one.exact_energy),
                    "valleys": [list(valley) for valley in one.valleys],
                    "sides": list(one.sides),
                }
                for one in self.saddles
            ],
        }

    def _notes(self) -> list[str]:
        more = len(self) - _MOST_SHOWN
        return [f"... and {more:,} more; to_frame() lists all"] if more > 0 else []

    def _caption(self) -> str:
        title = f" of {self.game.title}" if self.game.title else ""
        return f"{counted(len(self), 'stable alignment')}{title}, and how far each must climb"

    def _rows(self) -> Rows:
        rows = [["", "energy", "barrier", "side 0", "side 1"]]
        for place, height in enumerate(self.exact_heights[:_MOST_SHOWN]):
            rows.append(
                [
                    f"[{place}]",
                    f"{float(self.exact_energies[place]):.7g}",
                    "-" if height is None else number(float(height)),
                    *(", ".join(camp) for camp in self.game.camps(self.minima[place])),
                ]
            )
        return rows


def energy_barriers(game: AlignmentGame) -> EnergyBarriers:
    """The barriers between stable alignments: how far states must move against their interests.

    States move one at a time. On a way from one stable alignment to another some alignment has
    the most energy; the *saddle* is the least such energy over all ways, the *barrier* the saddle
    minus the energy of the start. What separates valleys by high barriers is lasting; low ones
    are crossed by accident.

    Parameters
    ----------
    game : AlignmentGame
        Of at most 16 states.

    Returns
    -------
    EnergyBarriers
        Exact, for given floats at their binary values. Prints each minimum with its barrier to one
        of less energy. Mirror images are one alignment.

    Raises
    ------
    GuaranteeError
        More than 16 states; `alignments` lists their minima.

    Notes
    -----
    All 2^(n-1) alignments are taken in the order of their energies and joined with their
    neighbours (union-find): valleys that meet for the first time at an energy have their saddle
    there. About a second for 16 states.

    References
    ----------
    O. M. Becker and M. Karplus (1997), "The topology of multidimensional potential energy
    surfaces", Journal of Chemical Physics 106, 1495-1517 (the disconnectivity graph).
    C. Flamm, I. L. Hofacker, P. F. Stadler and M. T. Wolfinger (2002), "Barrier trees of
    degenerate landscapes", Zeitschrift fuer Physikalische Chemie 216, 155-173.

    Examples
    --------
    >>> import balancegame as bg
    >>> size = {"Britain": "7.45", "France": "5.32", "Germany": "11.49", "Italy": "4.03",
    ...         "USSR": "15.01"}
    >>> found = bg.energy_barriers(bg.AlignmentGame(size, -1, title="five rivals"))
    >>> found
    4 stable alignments of five rivals, and how far each must climb
           energy     barrier  side 0                    side 1
      [0]  -936.1328  -        Britain, USSR             France, Germany, Italy
      [1]  -933.9602  43.37    Britain, Germany, Italy   France, USSR
      [2]  -923.8208  1.064    Britain, France, Germany  Italy, USSR
      [3]  -890.4     41.13    Britain, France, Italy    Germany, USSR
    >>> float(found.exact_saddle(1, 2))
    -922.7568
    """
    check_type(game, AlignmentGame, "game")
    n = game.n_states
    if n > LARGEST_TREE:
        message = (
            f"barriers are computed up to {LARGEST_TREE} states, but the game has {n}; "
            "alignments(game) lists its minima"
        )
        raise GuaranteeError(message)
    codes = np.arange(1 << (n - 1))
    sides = codes[:, None] >> np.arange(n - 1, -1, -1) & 1
    energies = Couplings.of(game).energies(1 - 2 * sides)
    flips = [(1 << (n - 1)) - 1, *(1 << (n - 1 - k) for k in range(1, n))]
    if n == 1:
        flips = []
    order = sorted(range(len(energies)), key=energies.__getitem__)
    minima = [
        code for code in order if all(energies[code] <= energies[code ^ flip] for flip in flips)
    ]
    minima.sort(key=lambda code: (energies[code], code))
    saddles = tuple(
        Saddle(game.unit * energies[code], valleys, tuple(sides[code].tolist()))
        for code, valleys in _meetings(energies, order, flips, minima)
    )
    chosen = sides[minima].astype(np.int8)
    chosen.setflags(write=False)
    return EnergyBarriers(
        game=game,
        minima=chosen,
        exact_energies=tuple(game.unit * energies[code] for code in minima),
        saddles=saddles,
    )


def _meetings(
    energies: Sequence[int], order: Sequence[int], flips: Sequence[int], minima: Sequence[int]
) -> list[tuple[int, Groups]]:
    """Where valleys meet: an alignment there, and the minima of each valley.

    Alignments of one energy are taken together: the order among them makes no difference.
    """
    roots = list(range(len(energies)))
    below: dict[int, list[tuple[int, ...]]] = {
        code: [(place,)] for place, code in enumerate(minima)
    }  # by root: the valleys it joins, one outside the energy at hand

    def root(code: int) -> int:
        while roots[code] != code:
            roots[code] = roots[roots[code]]
            code = roots[code]
        return code

    met: list[tuple[int, Groups]] = []
    at: dict[int, int] = {}  # by root: an alignment of the energy at hand that joined valleys
    for done, code in enumerate(order):
        for flip in flips:
            other = code ^ flip
            if (energies[other], other) > (energies[code], code):
                continue
            mine, its = root(code), root(other)
            if mine == its:
                continue
            roots[its] = mine
            both = [*below.pop(mine, []), *below.pop(its, [])]
            if both:
                below[mine] = both
            place = min((at.pop(one) for one in (mine, its) if one in at), default=code)
            if len(both) > 1:
                at[mine] = place
        if done + 1 < len(order) and energies[order[done + 1]] == energies[code]:
            continue
        for here, place in sorted(at.items(), key=lambda item: min(below[item[0]])):
            met.append((place, tuple(sorted(below[here]))))
            below[here] = [tuple(sorted(p for valley in below[here] for p in valley))]
        at.clear()
        if done % 4096 == 0:
            report("barriers", done, len(order))
    return met
