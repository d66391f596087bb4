"""What the others can hold a player down to: pure and mixed minmax values, exactly."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction
from html import escape
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from balancegame._checks import check_count, check_flag, check_type
from balancegame._numbers import parse_number
from balancegame._words import counted
from balancegame.certificates.certificate import Certificate
from balancegame.errors import InvalidParameterError, SearchInterrupted
from balancegame.games.as_json import AsJson
from balancegame.games.equal_content import EqualByContent
from balancegame.games.narrow_text import wrapped
from balancegame.games.normal_form import NormalFormGame
from balancegame.games.rendering import number
from balancegame.solvers.minmax import certificate
from balancegame.solvers.minmax.punishment import (
    Part,
    Punishment,
    affordable_regions,
    payoffs_against,
    punish,
    pure_part,
)
from balancegame.solvers.own_table import OwnTable
from balancegame.solvers.players import player_index

_MOST_REGIONS = 100_000

Floats = NDArray[np.float64]


@final
@dataclass(frozen=True, slots=True, eq=False, repr=False)
class MinmaxResult(AsJson, EqualByContent):
    """The payoff the others can hold a player down to.

    Attributes
    ----------
    player : str
    value : float or None
        The minmax value: exact if `exact` is given, and otherwise `upper`, where the bounds are
        within the tolerance asked for; None where they are not.
    lower, upper : float
        Proven bounds on the value, rounded outwards unless it is known exactly.
    exact : Fraction or None
        The value exactly, floats in the game counting at their exact binary value.
    profile : tuple of arrays
        One probability vector a player: the others' part holds the player down to `upper`, his own
        is a best response to it, the first of several.
    correlated : Fraction or None
        What the others could hold him down to if they correlated their actions, exactly; at most
        the value, and less where independence binds. None for pure punishments.
    exact_lower, exact_upper : Fraction
        The bounds before rounding.
    exact_profile : tuple of tuples of Fraction
        The profile in rationals.
    reason : str
        What is known about the bounds, and why.
    """

    player: str
    value: float | None
    lower: float
    upper: float
    exact: Fraction | None
    profile: tuple[Floats, ...]
    correlated: Fraction | None
    exact_lower: Fraction
    exact_upper: Fraction
    exact_profile: tuple[tuple[Fraction, ...], ...]
    reason: str
    _game: NormalFormGame = field(repr=False)
    _punishment: Punishment | None = field(repr=False, compare=False)

    @property
    def certificate(self) -> Certificate:
        """Evidence for the bounds that can be re-checked without a solver, written out anew.

        See docs/certificates.md.
        """
        player = self._game.players.index(self.player)
        return certificate.write(
            self._game,
            player,
            (self.exact_lower, self.exact_upper),
            self.exact_profile[:player] + self.exact_profile[player + 1 :],
            self._punishment,
        )

    def to_dict(self) -> dict[str, Any]:
        """The result in plain types, ready for JSON."""
        return {
            "player": self.player,
            "mixed": self._punishment is not None,
            "value": self.value,
            "lower": self.lower,
            "upper": self.upper,
            "exact": None if self.exact is None else str(self.exact),
            "exact_lower": str(self.exact_lower),
            "exact_upper": str(self.exact_upper),
            "correlated": None if self.correlated is None else str(self.correlated),
            "profile": {
                name: [str(chance) for chance in part]
                for name, part in zip(self._game.players, self.exact_profile, strict=True)
            },
            "reason": self.reason,
        }

    def __repr__(self) -> str:
        known = (
            number(self.value)
            if self.value is not None
            else f"between {number(self.lower)} and {number(self.upper)}"
        )
        return wrapped(f"MinmaxResult: {self.player} can be held down to {known} ({self.reason})")

    def _repr_html_(self) -> str:
        return f"<p>{escape(repr(self))}</p>"


def minmax(
    game: NormalFormGame,
    player: str | int,
    mixed: bool = False,  # noqa: FBT001, FBT002 (a pinned signature)
    *,
    tol: float = 1e-6,
    max_regions: int | None = None,
) -> MinmaxResult:
    """The minmax value of a player: the least payoff the others can hold him down to.

    Parameters
    ----------
    game : NormalFormGame
    player : str or int
        Name or index.
    mixed : bool
        Let the others mix, each independently; by default they play pure actions.
    tol : float
        How near the bounds on a mixed value of three and more players must come, as a share of
        the range of the player's payoffs. Values that are found exactly stay exact.
    max_regions : int, optional
        The most regions the punishments are divided into; by default 100,000, and fewer where the
        payoff table is large, for each region holds one.

    Returns
    -------
    MinmaxResult
        Exact for pure actions, whatever the number of players, and for mixed ones of two, where it
        is the value of a zero-sum game (von Neumann 1928). With more players the mixed value can
        be irrational; its bounds are proven, rounding included, and meet exactly where the best
        punishment found is rational and provably so.

    Raises
    ------
    UnknownPlayerError, InvalidTypeError, InvalidParameterError
    SearchInterrupted
        On Ctrl-C, with the bounds proven until then.

    Notes
    -----
    Three and more punishers cannot be told from one who plays all their joint actions if they
    correlate, a linear program; independently they can do less (Fudenberg & Tirole 1991, section
    5.1; the decision problem is NP-hard: Borgs et al. 2008). Branch and bound covers the product of
    their simplices by regions; within one, the correlated value over its vertex profiles is a
    lower bound, whose gap falls with the square of the region's size, and its marginals are a
    punishment. Their number can grow with the power of the dimension in which best punishments
    form continua.

    Examples
    --------
    >>> import balancegame as bg
    >>> pennies = bg.NormalFormGame.from_arrays([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    >>> bg.minmax(pennies, 0).value, bg.minmax(pennies, 0, mixed=True).value
    (1.0, 0.0)

    Independent and correlated punishments differ. Here either of his actions pays player 0
    nothing only if both others aim at it. By a common coin they would hold him down to 1/2; each
    with a coin of his own, they miss too often.

    >>> aim = [[[0, 1], [1, 1]], [[1, 1], [1, 0]]]
    >>> game = bg.NormalFormGame.from_arrays(aim, aim, aim)
    >>> found = bg.minmax(game, 0, mixed=True)
    >>> found.exact, found.correlated, bg.minmax(game, 0).exact
    (Fraction(3, 4), Fraction(1, 2), Fraction(1, 1))
    """
    check_type(game, NormalFormGame, "game")
    check_flag(mixed, "mixed")
    i = player_index(game, player)
    share = float(parse_number(tol, "tol", InvalidParameterError))
    if share < 0.0:
        message = f"tol is {share}; it must be at least 0, a share of the payoff range"
        raise InvalidParameterError(message)
    table = OwnTable.of_player(game, i)
    most = (
        affordable_regions(table, _MOST_REGIONS)
        if max_regions is None
        else check_count(max_regions, "max_regions", 1)
    )
    sizes = [m for j, m in enumerate(game.shape) if j != i]
    if not mixed:
        return _pure(game, i, table, sizes)
    found = punish(table, sizes, share, most)
    within = found.upper - found.lower <= Fraction(share) * table.spread()
    result = _result(game, i, table, found.lower, found.profile, found, within=within)
    if found.interrupted:
        raise SearchInterrupted(result)
    return result


def _pure(game: NormalFormGame, player: int, table: OwnTable, sizes: list[int]) -> MinmaxResult:
    value, column = table.least_ceiling()
    cell = np.unravel_index(column, sizes) if sizes else ()
    parts = tuple(pure_part(m, int(a)) for a, m in zip(cell, sizes, strict=True))
    return _result(game, player, table, value, parts, None, within=True)


def _result(
    game: NormalFormGame,
    player: int,
    table: OwnTable,
    lower: Fraction,
    others: tuple[Part, ...],
    punishment: Punishment | None,
    *,
    within: bool,
) -> MinmaxResult:
    values = payoffs_against(table, [len(part) for part in others], others)
    upper = max(values)
    reply = pure_part(len(values), values.index(upper))
    profile = (*others[:player], reply, *others[player:])
    exact = upper if lower == upper else None
    return MinmaxResult(
        game.players[player],
        float(upper) if within else None,
        float(lower) if exact is not None else _rounded(lower, -math.inf),
        float(upper) if exact is not None else _rounded(upper, math.inf),
        exact,
        tuple(map(_as_array, profile)),
        None if punishment is None else punishment.correlated.value,
        lower,
        upper,
        profile,
        _reason(punishment, exact=exact is not None, within=within),
        game,
        punishment,
    )


def _as_array(part: Part) -> Floats:
    array = np.array([float(chance) for chance in part])
    array.setflags(write=False)
    return array


def _rounded(bound: Fraction, outwards: float) -> float:
    """The nearest float on the safe side."""
    near = float(bound)
    if (Fraction(near) > bound) if outwards < 0 else (Fraction(near) < bound):
        return math.nextafter(near, outwards)
    return near


def _reason(punishment: Punishment | None, *, exact: bool, within: bool) -> str:
    if punishment is None:
        return "by pure actions, exactly"
    if exact:
        return "by mixed actions, exactly"
    regions = counted(punishment.n_regions, "region")
    if punishment.interrupted:
        return f"interrupted; bounds proven over {regions} of punishments"
    if within:
        return f"by mixed actions, within the tolerance; bounds proven over {regions}"
    return f"bounds proven over {regions} of punishments; max_regions allows more"
