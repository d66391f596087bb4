"""Payoff tables of the balancing game: small and exact ones by formula, large ones compiled."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from balancegame._checks import check_table_fits
from balancegame._progress import report
from balancegame.alliances.many_settings import payoff_coefficients
from balancegame.alliances.payoffs import (
    Codes,
    Numbers,
    balance_of,
    expansion_gain,
    peace_payoffs,
    war_payoffs,
)
from balancegame.alliances.setting import PER_STATE, Setting
from balancegame.errors import InvalidPayoffError

Floats = NDArray[np.float64]

_N_THREAT_ACTIONS = 3
# Up to here the formulas take milliseconds, less than it takes to load the compiler.
_SMALL = 1 << 14
_PROFILES_AT_ONCE = 1 << 12  # by formula
_PROFILES_PER_BLOCK = 1 << 15  # compiled
BYTES_PER_FRACTION = 250  # a Fraction, its two integers, and the float beside it


def float_table(setting: Setting, codes: Sequence[int], *, strategic: bool) -> tuple[Floats, None]:
    """All payoffs in float64, shape (players, *actions)."""
    shape = _table_shape(setting, codes, strategic=strategic)
    check_table_fits(len(shape), shape)
    payoffs = np.empty((len(shape), *shape))
    if len(codes) ** len(setting.players) <= _SMALL:
        _fill_by_formula(payoffs, setting, codes, strategic=strategic)
    else:
        _fill_compiled(payoffs, setting, codes)
    return payoffs, None


def exact_table(
    setting: Setting, codes: Sequence[int], *, strategic: bool
) -> tuple[Floats, NDArray[np.object_]]:
    """All payoffs in Fractions, and rounded to float64."""
    shape = _table_shape(setting, codes, strategic=strategic)
    check_table_fits(len(shape), shape, bytes_per_payoff=BYTES_PER_FRACTION)
    exact = np.empty((len(shape), *shape), dtype=object)
    _fill_by_formula(exact, setting, codes, strategic=strategic)
    return rounded(exact), exact


def rounded(exact: NDArray[np.object_]) -> Floats:
    """Fractions as the nearest floats."""
    try:
        return exact.astype(np.float64)
    except OverflowError:
        message = "a payoff is beyond the range of a float (1.8e308); use smaller parameters"
        raise InvalidPayoffError(message) from None


def expected_prevailing(setting: Setting, parts: Sequence[Floats], codes: Codes) -> float:
    """The expectation of pi over a mixed profile whose indices refer to `codes`."""
    supports = [np.flatnonzero(part) for part in parts]
    sizes = [len(support) for support in supports]
    profiles = math.prod(sizes)
    expectation = 0.0
    for first in range(0, profiles, _PROFILES_AT_ONCE):
        cells = _mixed_radix(range(first, min(first + _PROFILES_AT_ONCE, profiles)), sizes)
        played = [support[row] for support, row in zip(supports, cells, strict=True)]
        chances = np.prod([part[row] for part, row in zip(parts, played, strict=True)], axis=0)
        balance = balance_of(setting, codes[np.stack(played)])
        expectation += float(chances @ balance.prevailing)
        report("mixed profile", min(first + _PROFILES_AT_ONCE, profiles), profiles)
    return expectation


def _mixed_radix(places: range, sizes: Sequence[int]) -> list[NDArray[np.int64]]:
    """Digits of flat places, last size fastest; for more digits than numpy has axes."""
    rest = np.arange(places.start, places.stop)
    digits: list[NDArray[np.int64]] = []
    for size in reversed(sizes):
        digits.append(rest % size)
        rest = rest // size
    return digits[::-1]


def _table_shape(setting: Setting, codes: Sequence[int], *, strategic: bool) -> tuple[int, ...]:
    states = (len(codes),) * len(setting.players)
    return (*states, _N_THREAT_ACTIONS) if strategic else states


def _fill_by_formula(
    table: Numbers, setting: Setting, codes: Sequence[int], *, strategic: bool
) -> None:
    def payoffs_of(chosen: Codes) -> Numbers:
        if strategic:
            return _strategic_payoffs(setting, chosen)
        return war_payoffs(setting, chosen, balance_of(setting, chosen))[:, :, None]

    fill_by_formula(table, len(setting.players), codes, payoffs_of)


def fill_by_formula(
    table: Numbers, n: int, codes: Sequence[int], payoffs_of: Callable[[Codes], Numbers]
) -> None:
    """Fill a table with what `payoffs_of` gives for blocks of profiles, one a column.

    It takes action codes, shape (n, N), and returns payoffs, shape (players, N, rest), where the
    rest are the last player's actions if it is not one of the n states, and else of length 1.
    """
    k = len(codes)
    profiles = k**n
    flat = table.reshape(len(table), profiles, -1)
    for first in range(0, profiles, _PROFILES_AT_ONCE):
        end = min(first + _PROFILES_AT_ONCE, profiles)
        cells = _mixed_radix(range(first, end), (k,) * n)
        chosen = np.array(codes, dtype=np.int64)[np.stack(cells)]
        with np.errstate(over="ignore", invalid="ignore"):  # the game refuses what results
            flat[:, first:end] = payoffs_of(chosen)
        report("payoff table", end, profiles)


def _strategic_payoffs(setting: Setting, chosen: Codes) -> Numbers:
    """Payoffs (n + 1, N, 3) under expand, restrain, opportunist; the threat last."""
    balance = balance_of(setting, chosen)
    strength = balance.threat_power / setting.threat_power
    gain = expansion_gain(setting, chosen, balance)
    war = np.vstack([war_payoffs(setting, chosen, balance), strength + gain])
    peace = np.vstack([peace_payoffs(setting, chosen), strength])
    return np.stack([war, peace, np.where(gain >= 0, war, peace)], axis=2)


def _fill_compiled(payoffs: Floats, setting: Setting, codes: Sequence[int]) -> None:
    from balancegame._kernels.balancing import fill_payoffs  # noqa: PLC0415 (numba loads slowly)
    from balancegame._kernels.threads import run_blocks  # noqa: PLC0415

    flat = payoffs.reshape(len(payoffs), -1)
    arguments = _kernel_arguments(setting, codes)
    run_blocks(
        lambda first, end: fill_payoffs(flat, first, end, *arguments),
        len(codes) ** (len(setting.players) - 1),
        max(1, _PROFILES_PER_BLOCK // len(codes)),
        lambda done, total: report("payoff table", done, total),
    )


def _kernel_arguments(setting: Setting, codes: Sequence[int]) -> tuple[Any, ...]:
    """What `fill_payoffs` takes after the table and the range of prefixes."""
    n = len(setting.players)
    everyone = range(n + 1)
    parallelism = np.array(setting.parallelism, dtype=np.float64)
    if any(setting.affinity):
        weights = np.array([[setting.affinity_weight(i, j) for j in everyone] for i in everyone])
    else:
        weights = np.zeros((n + 1, n + 1))
    own = {name: np.array(getattr(setting, name)) for name in PER_STATE}
    base, slope, peace = payoff_coefficients(own)
    contest = (setting.decisiveness, setting.cohesion, setting.steepness)
    return (
        np.array(codes, dtype=np.int64),
        np.array(setting.power),
        setting.threat_power,
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
