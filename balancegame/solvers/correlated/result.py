"""A correlated equilibrium as its reader wants it: the distribution, what it pays, the proof."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from fractions import Fraction
from typing import TYPE_CHECKING, Any, final

import numpy as np
from numpy.typing import NDArray

from balancegame._numbers import format_fraction
from balancegame._words import counted
from balancegame.certificates.certificate import Certificate
from balancegame.games.as_json import AsJson
from balancegame.games.equal_content import EqualByContent
from balancegame.games.narrow_text import fits
from balancegame.games.normal_form import NormalFormGame
from balancegame.games.profile_text import profile_text
from balancegame.games.rendering import number
from balancegame.games.tabulated import Tabulated
from balancegame.solvers.correlated.certificate import write
from balancegame.solvers.correlated.objective import Objective
from balancegame.solvers.correlated.program import Incentive

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]

_MOST_SHOWN = 12  # profiles
_LARGEST_DENOMINATOR = 100  # of probabilities shown as fractions


@final
@dataclass(frozen=True, slots=True, eq=False, repr=False)
class CorrelatedResult(AsJson, Tabulated, EqualByContent):
    """A correlated equilibrium that is best by some objective, exactly.

    Attributes
    ----------
    game : NormalFormGame
    objective : str, tuple or array
        What it is best at: "welfare", "egalitarian", ("best", player), ("worst", player), a tuple
        of weights, or an array of a number a profile.
    coarse : bool
        Whether it is the best of the coarse ones.
    distribution : array, shape (m_0, ..., m_{n-1})
        The probability of each profile, read-only; exact ones in `probabilities`.
    payoffs : array, shape (n,)
        Expected payoffs, read-only.
    value : float
        What the objective attains; with ("worst", player), his payoff. The largest float if it is
        beyond the range.
    exact : Fraction
        The value exactly; floats in the game and the objective count at their exact binary value.
    exact_payoffs : tuple of Fraction
    support : tuple of tuples of int
        The profiles of positive probability, by action indices, in lexicographic order.
    probabilities : tuple of Fraction
        Theirs, in the same order.
    multipliers : tuple of (Incentive, Fraction)
        What relaxing each incentive constraint by one unit would add to the objective, those left
        out nothing: with them, no profile is worth more than the value. An `Incentive` has
        `player`, `recommended` (None in a coarse equilibrium) and `deviation`, all by index.
    shares : tuple of Fraction
        The weight of each player's payoff in the least of them; empty unless "egalitarian".
    reason : str
        Why it is the best.
    """

    game: NormalFormGame
    objective: str | tuple[Any, ...] | Floats
    coarse: bool
    distribution: Floats
    payoffs: Floats
    value: float
    exact: Fraction
    exact_payoffs: tuple[Fraction, ...]
    support: tuple[tuple[int, ...], ...]
    probabilities: tuple[Fraction, ...]
    multipliers: tuple[tuple[Incentive, Fraction], ...]
    shares: tuple[Fraction, ...]
    reason: str
    _objective: Objective = field(compare=False)

    def __post_init__(self) -> None:
        for array in (self.distribution, self.payoffs):
            array.setflags(write=False)

    def __reduce__(self) -> tuple[Any, ...]:
        return CorrelatedResult, tuple(getattr(self, one.name) for one in fields(self))

    @property
    def certificate(self) -> Certificate:
        """Evidence that can be re-checked without a solver, written out anew at every call."""
        return write(self, self._objective)

    def to_frame(self) -> pd.DataFrame:
        """A tidy table: one row per profile of positive probability.

        Returns
        -------
        pandas.DataFrame
            A column a player with the name of his action, then probability, a float.

        Examples
        --------
        >>> import balancegame as bg
        >>> game = bg.NormalFormGame.from_arrays([[6, 2], [7, 0]], [[6, 7], [2, 0]])
        >>> bg.correlated_equilibrium(game).to_frame()
          player 0 player 1  probability
        0       a0       a0          0.5
        1       a0       a1         0.25
        2       a1       a0         0.25
        """
        import pandas as pd  # noqa: PLC0415 (slow to import, needed here only)

        columns = {
            player: [self.game.actions[i][profile[i]] for profile in self.support]
            for i, player in enumerate(self.game.players)
        }
        frame = pd.DataFrame(columns)
        chances = [float(chance) for chance in self.probabilities]
        frame.insert(len(columns), "probability", chances, allow_duplicates=True)
        return frame

    def to_dict(self) -> dict[str, Any]:
        """The result in plain types, ready for JSON; exact numbers as text such as "1/3"."""
        actions = self.game.actions
        return {
            "objective": self._plain_objective(),
            "coarse": self.coarse,
            "value": self.value,
            "exact": format_fraction(self.exact),
            "reason": self.reason,
            "players": self.game.players,
            "actions": actions,
            "payoffs": self.payoffs.tolist(),
            "exact_payoffs": list(map(format_fraction, self.exact_payoffs)),
            "distribution": [
                {
                    "profile": [names[a] for names, a in zip(actions, profile, strict=True)],
                    "probability": float(chance),
                    "exact": format_fraction(chance),
                }
                for profile, chance in zip(self.support, self.probabilities, strict=True)
            ],
            "multipliers": [
                {
                    "player": self.game.players[row.player],
                    "recommended": None
                    if row.recommended is None
                    else actions[row.player][row.recommended],
                    "deviation": actions[row.player][row.deviation],
                    "exact": format_fraction(multiplier),
                }
                for row, multiplier in self.multipliers
            ],
            "shares": list(map(format_fraction, self.shares)),
        }

    def _plain_objective(self) -> Any:
        if isinstance(self.objective, np.ndarray):
            return self.objective.tolist()
        if isinstance(self.objective, str):
            return self.objective
        return [
            format_fraction(one) if isinstance(one, Fraction) else one for one in self.objective
        ]

    def _caption(self) -> str:
        kind = "Coarse correlated" if self.coarse else "Correlated"
        title = f" of {self.game.title}" if self.game.title else ""
        return f"{kind} equilibrium{title}: {self._objective.text} is {number(self.value)}"

    def _rows(self) -> list[list[str]]:
        players = self.game.players
        rows = [["probability", *players]]
        lines = [["probability", "profile"]]  # for many players
        for profile, chance in zip(self.support, self.probabilities, strict=True):
            if len(rows) > _MOST_SHOWN:
                break
            played = [names[a] for names, a in zip(self.game.actions, profile, strict=True)]
            rows.append([_chance_text(chance), *played])
            lines.append([_chance_text(chance), profile_text(players, played)])
        payoffs = list(map(number, self.payoffs.tolist()))
        rows.append(["payoff", *payoffs])
        lines.append(["payoff", profile_text(players, payoffs)])
        return rows if fits(rows) else lines

    def _notes(self) -> list[str]:
        hidden = len(self.support) - _MOST_SHOWN
        more = (
            [f"... and {counted(hidden, 'more profile')}; to_frame() lists them all"]
            if hidden > 0
            else []
        )
        return [*more, self.reason]


def _chance_text(chance: Fraction) -> str:
    return str(chance) if chance.denominator < _LARGEST_DENOMINATOR else number(float(chance))
