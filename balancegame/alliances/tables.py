"""Whole payoff tables of the balancing game: in floats by compiled code, in Fractions by formula."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from balancegame._checks import check_table_fits
from balancegame._progress import report
from balancegame.alliances.payoffs import (
    ARM,
    BALANCE,
    BANDWAGON,
    NEUTRAL,
    UNDERMINE,
    balance_of,
    expansion_gain,
    peace_payoffs,
    war_payoffs,
)
from balancegame.alliances.setting import Setting

Floats = NDArray[np.float64]

_N_CODES = 5
_N_THREAT_ACTIONS = 3
_BLOCK_OF_PROFILES = 1 << 15
_BYTES_PER_FRACTION = 250  # a Fraction, its integers, and the float beside it


def float_table(
    setting: Setting, codes: Sequence[int], *, strategic: bool
) -> tuple[Floats, None]:
    """All payoffs in float64, shape (players, *actions)."""
    from balancegame._kernels.balancing import fill_payoffs  # noqa: PLC0415 (numba is slow to load)
    from balancegame._kernels.threads import run_blocks  # noqa: PLC0415

    shape = _table_shape(setting, codes, strategic=strategic)
    check_table_fits(len(shape), shape)
    payoffs = np.empty((len(shape), *shape))
    flat = payoffs.reshape(len(shape), -1)
    arguments = _kernel_arguments(setting, codes)
    prefixes = len(codes) ** (len(setting.players) - 1)
    run_blocks(
        lambda first, end: fill_payoffs(flat, first, end, *arguments),
        prefixes,
        max(1, _BLOCK_OF_PROFILES // len(codes)),
        lambda done, total: report("payoff table", done, total),
    )
    return payoffs, None


def exact_table(
    setting: Setting, codes: Sequence[int], *, strategic: bool
) -> tuple[Floats, NDArray[np.object_]]:
    """All payoffs in Fractions, and rounded to float64; profile by profile."""
    shape = _table_shape(setting, codes, strategic=strategic)
    check_table_fits(len(shape), shape, bytes_per_payoff=_BYTES_PER_FRACTION)
    n = len(setting.players)
    exact = np.empty((len(shape), *shape), dtype=object)
    profiles = math.prod(shape[:n])
    for done, cell in enumerate(itertools.product(range(len(codes)), repeat=n), start=1):
        chosen = [codes[a] for a in cell]
        exact[(slice(None), *cell)] = (
            _strategic_cell(setting, chosen) if strategic else _fixed_cell(setting, chosen)
        )
        if done % 256 == 0 or done == profiles:
            report("exact payoff table", done, profiles)
    return exact.astype(np.float64), exact


def expected_prevailing(setting: Setting, parts: Sequence[Floats]) -> float:
    """The expectation of pi over a mixed profile, action codes as indices."""
    supports = [np.flatnonzero(part).tolist() for part in parts]
    return math.fsum(
        math.prod(float(part[a]) for part, a in zip(parts, cell, strict=True))
        * float(balance_of(setting, cell).prevailing)
        for cell in itertools.product(*supports)
    )


def _table_shape(setting: Setting, codes: Sequence[int], *, strategic: bool) -> tuple[int, ...]:
    states = (len(codes),) * len(setting.players)
    return (*states, _N_THREAT_ACTIONS) if strategic else states


def _fixed_cell(setting: Setting, chosen: Sequence[int]) -> list[Fraction]:
    return [Fraction(u) for u in war_payoffs(setting, chosen, balance_of(setting, chosen))]


def _strategic_cell(setting: Setting, chosen: Sequence[int]) -> NDArray[np.object_]:
    """Payoffs (n + 1, 3) under expand, restrain, opportunist; the threat last."""
    balance = balance_of(setting, chosen)
    strength = Fraction(balance.threat_power) / setting.threat_power
    gain = expansion_gain(setting, chosen, balance)
    war = [*war_payoffs(setting, chosen, balance), strength + gain]
    peace = [*peace_payoffs(setting, chosen), strength]
    columns = (war, peace, war if gain >= 0 else peace)
    cell = np.empty((len(war), _N_THREAT_ACTIONS), dtype=object)
    for k, column in enumerate(columns):
        cell[:, k] = [Fraction(u) for u in column]
    return cell


def _kernel_arguments(setting: Setting, codes: Sequence[int]) -> tuple[Any, ...]:
    """What `fill_payoffs` takes after the table and the range of prefixes."""
    n = len(setting.players)
    everyone = range(n + 1)
    # A power of two, so that scaling rounds nothing, and no sum or square overflows.
    _, exponent = math.frexp(setting.world_power)
    parallelism = np.array(setting.parallelism, dtype=np.float64)
    if any(setting.affinity):
        weights = np.array([[setting.affinity_weight(i, j) for j in everyone] for i in everyone])
    else:
        weights = np.zeros((n + 1, n + 1))
    base, slope, peace = _coefficients(setting)
    contest = (setting.decisiveness, setting.cohesion, setting.steepness)
    return (
        np.array(codes, dtype=np.int64),
        np.ldexp(np.array(setting.power), -exponent),
        math.ldexp(setting.threat_power, -exponent),
        parallelism,
        weights * parallelism,
        1.0 + np.array(setting.arming_gain),
        1.0 - np.array(setting.undermining_effect),
        base,
        slope,
        peace,
        np.array(setting.balancing_spoils),
        np.array(setting.bandwagon_spoils),
        np.array(setting.affinity),
        np.array([*contest, float(setting.contest == "logistic")]),
        np.array([setting.prize, setting.defeat_loss, setting.expansion_cost]),
    )


def _coefficients(setting: Setting) -> tuple[Floats, Floats, Floats]:
    """u = base + slope * pi in war and u = peace without it, shape (n, 5), before spoils."""
    shape = (len(setting.players), _N_CODES)
    base, slope, peace = np.empty(shape), np.empty(shape), np.empty(shape)
    defeat = np.array(setting.domination_loss) + np.array(setting.retaliation)
    neutral = np.array(setting.neutral_exposure) * np.array(setting.domination_loss)
    alpha = np.array(setting.autonomy_loss)
    cost = np.array(setting.alliance_cost)
    extra = {
        BALANCE: np.zeros(len(cost)),
        ARM: np.array(setting.arming_cost),
        UNDERMINE: np.array(setting.undermining_cost),
    }
    for code, more in extra.items():
        peace[:, code] = 1.0 - (cost + more)
        base[:, code] = peace[:, code] - defeat
        slope[:, code] = defeat
    base[:, NEUTRAL], slope[:, NEUTRAL], peace[:, NEUTRAL] = 1.0 - neutral, neutral, 1.0
    base[:, BANDWAGON] = 1.0 - alpha
    slope[:, BANDWAGON] = alpha - np.array(setting.retribution)
    peace[:, BANDWAGON] = 1.0 - np.array(setting.deference)
    return base, slope, peace
