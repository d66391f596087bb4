"""Hegemonic overstretch: how long a threat that loses strength is still bandwagoned with.

Equal states each balance or bandwagon. That all bandwagon is an equilibrium nearly always; what
ends first is that no coalition would leave it, then that no coalition would leave it and hold
together, last that it is what errors and revisions lead to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from typing import TYPE_CHECKING, final

import numpy as np
from numpy.typing import NDArray

from balancegame._checks import check_count, check_type
from balancegame._numbers import Number, exactly, format_number, parse_number
from balancegame._progress import report
from balancegame._words import counted
from balancegame.alliances.balancing import BalancingModel
from balancegame.alliances.payoffs import BALANCE, BANDWAGON, balance_of, war_payoffs
from balancegame.alliances.setting import bind
from balancegame.errors import InvalidParameterError, InvalidPowerError
from balancegame.games.narrow_text import wrapped
from balancegame.games.rendering import number
from balancegame.games.tabulated import Tabulated
from balancegame.solvers.coalitions.alike_players import alike_coalition_proof
from balancegame.world.world import World

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]

_MOST_STATES = 100  # some tenths of a second a period
_KINDS = ("nash", "strong", "coalition_proof", "selected")
_WORDS = {
    "nash": "Nash",
    "strong": "strong",
    "coalition_proof": "coalition-proof",
    "selected": "selected",
}


@final
@dataclass(frozen=True, slots=True, repr=False)
class Bandwagoning:
    """In what sense it is stable that all equal states bandwagon.

    Attributes
    ----------
    ratio : float
        The threat's power over that of one state.
    nash, strong, coalition_proof : bool
        Whether it is an equilibrium of that kind.
    selected : bool
        Whether no alignment is more likely in the long run under log-linear learning as errors
        vanish, that is, whether it maximises the potential.
    """

    ratio: float
    nash: bool
    strong: bool
    coalition_proof: bool
    selected: bool

    def __repr__(self) -> str:
        kinds = ", ".join(
            f"{'' if getattr(self, kind) else 'not '}{_WORDS[kind]}" for kind in _KINDS
        )
        return wrapped(f"All bandwagon, the threat's ratio {number(self.ratio)}: {kinds}")


@final
@dataclass(frozen=True, slots=True, repr=False)
class Overstretch(Tabulated):
    """Period by period, in what sense all-bandwagon is stable against a threat in decline.

    Attributes
    ----------
    periods : tuple of Bandwagoning
        From period 0 on.
    """

    periods: tuple[Bandwagoning, ...]

    @property
    def nash_until(self) -> int | None:
        """The first period in which it is no equilibrium; None if it is throughout."""
        return self._until("nash")

    @property
    def strong_until(self) -> int | None:
        """The first period in which some coalition would leave it."""
        return self._until("strong")

    @property
    def coalition_proof_until(self) -> int | None:
        """The first period in which some coalition would leave it and hold together."""
        return self._until("coalition_proof")

    @property
    def selected_until(self) -> int | None:
        """The first period in which another alignment is more likely in the long run."""
        return self._until("selected")

    def _until(self, kind: str) -> int | None:
        return next((t for t, one in enumerate(self.periods) if not getattr(one, kind)), None)

    def to_frame(self) -> pd.DataFrame:
        """A tidy table: one row a period.

        Returns
        -------
        pandas.DataFrame
            Columns period, ratio, nash, strong, coalition_proof, selected.
        """
        import pandas as pd  # noqa: PLC0415 (slow to import, needed here only)

        rows = [
            {"period": t, "ratio": one.ratio} | {kind: getattr(one, kind) for kind in _KINDS}
            for t, one in enumerate(self.periods)
        ]
        return pd.DataFrame(rows)

    def _rows(self) -> list[list[str]]:
        rows = [["all bandwagon is", "until period", "threat's ratio then"]]
        for kind in _KINDS:
            until = self._until(kind)
            ratio = "" if until is None else number(self.periods[until].ratio)
            rows.append([_WORDS[kind], "the end" if until is None else str(until), ratio])
        return rows

    def _caption(self) -> str:
        first, last = self.periods[0].ratio, self.periods[-1].ratio
        return (
            f"Overstretch over {counted(len(self.periods), 'period')}, the threat's ratio from "
            f"{number(first)} to {number(last)}"
        )


def bandwagoning(model: BalancingModel, states: int, ratio: Number) -> Bandwagoning:
    """In what sense it is stable that all of some equal states bandwagon with the threat.

    Parameters
    ----------
    model : BalancingModel
        With one number a parameter: the states are alike. Proposition 13 has ``cohesion=0``.
    states : int
        How many, from 1 to 100.
    ratio : number > 0
        The threat's power over that of one state.

    Returns
    -------
    Bandwagoning

    Raises
    ------
    InvalidParameterError, InvalidPowerError

    Notes
    -----
    States balance or bandwagon. A game of two actions whose players are alike has an exact
    potential (proposition 8): the sum of what each balancer gained as he joined. Log-linear
    learning selects where it is greatest (Blume 1993, Alos-Ferrer & Netzer 2010). `endurance` says
    what any game selects, and for how long. Since the states are alike, what counts of a coalition
    is how many of its members do what: 20 states take 2 ms, 100 some 0.1 s.

    Examples
    --------
    Five states face a threat six times as strong as each. Together they could shake it off, but not
    all of them would hold.

    >>> import balancegame as bg
    >>> model = bg.BalancingModel(cohesion=0, autonomy_loss=0.8, decisiveness=2)
    >>> bg.bandwagoning(model, 5, 6)
    All bandwagon, the threat's ratio 6: Nash, not strong, coalition-proof, selected
    """
    _check_model(model)
    count = _check_states(states)
    power = _positive(ratio, "ratio")
    bandwagon, balance = _payoffs(model, count, power)
    strong = bool(balance[1:].max() <= bandwagon[0])  # who stays is no needed part of a coalition
    return Bandwagoning(
        ratio=float(power),
        nash=bool(balance[1] <= bandwagon[0]),
        strong=strong,
        coalition_proof=strong or bool(alike_coalition_proof(bandwagon, balance)[0]),
        selected=max(_potential(bandwagon, balance)) <= 0,
    )


def overstretch(
    model: BalancingModel,
    states: int,
    ratio: Number,
    decline: Number,
    *,
    periods: int = 100,
) -> Overstretch:
    """How long all-bandwagon is strong, coalition-proof and selected against a threat in decline.

    The threat's power over that of one state is ``ratio * (1 - decline)^t`` in period t
    (proposition 13).

    Parameters
    ----------
    model, states, ratio
        As for `bandwagoning`.
    decline : number in [0, 1)
        The share of its power that the threat loses each period.
    periods : int
        How many to look at, at least 1.

    Returns
    -------
    Overstretch
        `strong_until`, `coalition_proof_until` and so on: the first period in which that ends.

    Raises
    ------
    InvalidParameterError, InvalidPowerError

    Examples
    --------
    >>> import balancegame as bg
    >>> model = bg.BalancingModel(
    ...     cohesion=0, autonomy_loss=0.8, retribution=0.3, decisiveness=2
    ... )
    >>> bg.overstretch(model, 5, ratio=20, decline=0.03)
    Overstretch over 100 periods, the threat's ratio from 20 to 0.9805
      all bandwagon is  until period  threat's ratio then
      Nash              the end
      strong            32            7.546
      coalition-proof   41            5.737
      selected          79            1.803
    """
    share = parse_number(decline, "decline", InvalidParameterError)
    if not 0 <= exactly(share) < 1:
        message = f"decline is {format_number(share)}; it must lie in [0, 1)"
        raise InvalidParameterError(message)
    start = _positive(ratio, "ratio")
    count = check_count(periods, "periods", 1)
    found: list[Bandwagoning] = []
    for t in range(count):
        report("periods of decline", t, count)
        now = float(start) * (1.0 - share) ** t
        if not now:
            message = (
                f"periods is {count}, but by period {t} the threat's ratio is too small for a "
                f"float; give at most {t} periods"
            )
            raise InvalidParameterError(message)
        found.append(bandwagoning(model, states, now))
    return Overstretch(tuple(found))


def _payoffs(model: BalancingModel, n: int, ratio: float) -> tuple[Floats, Floats]:
    """What bandwagoning and balancing pay where k balance, k from 0 to n; shape (n + 1,) each.

    The last of the former and the first of the latter mean nothing.
    """
    names = [f"state {i}" for i in range(n)]
    world = World([*names, "threat"], [*[1] * n, ratio], threat="threat")
    setting = bind(model.parameters(), world)
    codes = np.where(np.arange(n)[:, None] < np.arange(n + 1), BALANCE, BANDWAGON)
    payoffs = war_payoffs(setting, codes, balance_of(setting, codes))
    return payoffs[-1], payoffs[0]


def _potential(bandwagon: Floats, balance: Floats) -> list[Fraction]:
    """The potential where k states balance, k from 0, in exact sums of the floats."""
    gains = (
        Fraction(after) - Fraction(before)
        for after, before in zip(balance[1:].tolist(), bandwagon[:-1].tolist(), strict=True)
    )
    return list(accumulate(gains, initial=Fraction(0)))


def _check_states(states: int) -> int:
    count = check_count(states, "states", 1)
    if count > _MOST_STATES:
        message = (
            f"states is {count}; coalition-proofness is worked out for at most {_MOST_STATES} "
            "(time grows with the fourth power)"
        )
        raise InvalidParameterError(message)
    return count


def _check_model(model: BalancingModel) -> None:
    check_type(model, BalancingModel, "model")
    for name, value in model.parameters().items():
        if isinstance(value, Mapping):
            message = f"{name} differs between states; equal states have one number for all"
            raise InvalidParameterError(message)


def _positive(value: Number, argument: str) -> float:
    power = parse_number(value, argument, InvalidPowerError)
    if power <= 0.0:
        message = f"{argument} is {format_number(power)}; it must be positive"
        raise InvalidPowerError(message)
    return power
