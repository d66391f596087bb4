"""The balancing game's payoffs: the formulas to read.

They take many profiles at once, one a column, in floats or in Fractions: small tables, exact
tables and explanations use these very lines. The compiled table of
`balancegame._kernels.balancing`, for large ones, is tested against them.

For a profile, C+ are the states that balance (balance, arm, undermine) and C- the threat and
those that bandwagon with it. A state brings q_i = p_i to its camp, (1 + g) p_i when it arms; each
underminer takes the share mu off the threat's power, H_eff = H (1 - mu)^#U.

(i)   P(C) = kappa(C)^theta * sum of q,  kappa(C) = sqrt(q' A q) / sum of q: parallel interests
      add, orthogonal ones give the root of the sum of squares, opposed ones cancel.
(ii)  pi = P+^m / (P+^m + P-^m), the chance that balancing prevails; 0 if nobody balances, else 1/2
      if both powers are 0. Logistic: 1 / (1 + exp(-k (P+ - P-) / T)), T the power of all.
(iii) u_i = 1 - L_i + G_i + lambda_i I_i - cost_i:

      ==========  ========================  ===============================================
      side        L                         G
      ==========  ========================  ===============================================
      balancing   (1 - pi)(D + rho)         pi sigma+ (H + sum_W p)/T * q_i / sum_C+ q
      neutral     (1 - pi) nu D             0
      bandwagon   (1 - pi) alpha + pi psi   (1 - pi) sigma- (sum_C+ q)/T * p_i / (H + sum_W p)
      ==========  ========================  ===============================================

      with D_i multiplied by the state's exposure, and I_i the weighted parallelism with the
      others of one's camp, the threat included for those with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from balancegame.alliances.setting import Setting

BALANCE, BANDWAGON, NEUTRAL, ARM, UNDERMINE = range(5)

Numbers = NDArray[Any]
"""float64, or object holding Fractions."""

Codes = NDArray[np.int64]
"""Action codes, shape (n, profiles)."""

# What rounding alone can leave of a form that cancels counts as nothing.
_CANCELLED = 4.0 * float(np.finfo(np.float64).eps)


@dataclass(frozen=True, slots=True)
class Balance:
    """How the camps stand in each of N profiles.

    Attributes
    ----------
    contributions : array, shape (n, N)
        q_i of the states in C+, 0 for the others.
    threat_power : array, shape (N,)
        H_eff, after undermining.
    ours, theirs : array, shape (N,)
        P+ and P-.
    prevailing : array, shape (N,)
        pi.
    """

    contributions: Numbers
    threat_power: Numbers
    ours: Numbers
    theirs: Numbers
    prevailing: Numbers


def balance_of(setting: Setting, codes: Codes) -> Balance:
    """Powers of the two camps and the chance that balancing prevails."""
    n, profiles = codes.shape
    zero = 0 * setting.threat_power
    contributions = np.full((n, profiles), zero)
    followers = np.full((n, profiles), zero)
    threat = np.full(profiles, setting.threat_power)
    for i in range(n):
        contributions[i, _is_balancing(codes[i])] = setting.power[i]
        contributions[i, codes[i] == ARM] = setting.power[i] * (1 + setting.arming_gain[i])
        followers[i, codes[i] == BANDWAGON] = setting.power[i]
        threat[codes[i] == UNDERMINE] *= 1 - setting.undermining_effect[i]
    ours = camp_power(setting, np.vstack([contributions, np.full((1, profiles), zero)]))
    theirs = camp_power(setting, np.vstack([followers, threat[None, :]]))
    opposed = np.any(_is_balancing(codes), axis=0)
    return Balance(
        contributions=contributions,
        threat_power=threat,
        ours=ours,
        theirs=theirs,
        prevailing=prevailing_chance(setting, ours, theirs, opposed),
    )


class ContestSetting(Protocol):
    """What a contest between two camps depends on, besides what their members bring."""

    @property
    def parallelism(self) -> Sequence[Sequence[Any]]:
        """Row by row, in the order of the contributions."""
        ...

    @property
    def cohesion(self) -> Any:
        """The symbol theta."""
        ...

    @property
    def contest(self) -> str:
        """Either "ratio" or "logistic"."""
        ...

    @property
    def decisiveness(self) -> Any:
        """The exponent m."""
        ...

    @property
    def steepness(self) -> Any:
        """The k of the logistic contest."""
        ...

    @property
    def world_power(self) -> Any:
        """T, the power of all."""
        ...


def camp_power(setting: ContestSetting, contributions: Numbers) -> Numbers:
    """P(C) of camps, from what each state of `parallelism` brings to them; shape (n, N)."""
    total = contributions.sum(axis=0)
    if setting.cohesion == 0:
        return total
    shares = np.divide(contributions, total, out=np.zeros_like(contributions), where=total > 0)
    form = (shares * (np.array(setting.parallelism) @ shares)).sum(axis=0)
    form[form <= _CANCELLED] = 0.0
    return total * form ** (setting.cohesion / 2)


def prevailing_chance(
    setting: ContestSetting, ours: Numbers, theirs: Numbers, opposed: NDArray[np.bool_]
) -> Numbers:
    """Each contest's chance that our camp prevails; 0 in a ratio contest nobody opposes."""
    if setting.contest == "logistic":
        gap = (ours - theirs) / setting.world_power
        with np.errstate(over="ignore"):
            return 1 / (1 + np.exp(-setting.steepness * gap))
    pi = 0 * ours
    pi[opposed & (ours == 0) & (theirs == 0)] += 1 / (2 + 0 * setting.world_power)
    decided = opposed & (ours > 0)
    with np.errstate(over="ignore"):
        ratio = theirs[decided] / ours[decided]
        pi[decided] = 1 / (1 + ratio**setting.decisiveness)
    return pi


def war_payoffs(setting: Setting, codes: Codes, balance: Balance) -> Numbers:
    """Every state's payoff, shape (n, N), when the threat expands (or is no player)."""
    total = setting.world_power
    payoffs = peace_payoffs(setting, codes, deference=False)
    ours = balance.contributions.sum(axis=0)
    theirs = setting.threat_power + _power_of(setting, codes == BANDWAGON)
    for i, own in enumerate(codes):
        domination = setting.domination_loss[i]
        at = own == BANDWAGON
        pi, brought = balance.prevailing[at], setting.power[i] / theirs[at]
        payoffs[i, at] -= (1 - pi) * setting.autonomy_loss[i] + pi * setting.retribution[i]
        payoffs[i, at] += (1 - pi) * setting.bandwagon_spoils[i] * (ours[at] / total) * brought
        at = own == NEUTRAL
        payoffs[i, at] -= (1 - balance.prevailing[at]) * setting.neutral_exposure[i] * domination
        at = _is_balancing(own)
        payoffs[i, at] -= (1 - balance.prevailing[at]) * (domination + setting.retaliation[i])
        at &= ours > 0  # a power lost beside far larger ones shares no spoils
        pi, brought = balance.prevailing[at], balance.contributions[i, at] / ours[at]
        payoffs[i, at] += pi * setting.balancing_spoils[i] * (theirs[at] / total) * brought
    return payoffs


def peace_payoffs(setting: Setting, codes: Codes, *, deference: bool = True) -> Numbers:
    """Every state's payoff, shape (n, N), when the threat restrains itself: no contest."""
    payoffs = np.full(codes.shape, 1 + 0 * setting.threat_power)
    for i, own in enumerate(codes):
        payoffs[i, _is_balancing(own)] -= setting.alliance_cost[i]
        payoffs[i, own == ARM] -= setting.arming_cost[i]
        payoffs[i, own == UNDERMINE] -= setting.undermining_cost[i]
        if deference:
            payoffs[i, own == BANDWAGON] -= setting.deference[i]
        if setting.affinity[i]:
            payoffs[i] += setting.affinity[i] * _company(setting, codes, i)
    return payoffs


def expansion_gain(setting: Setting, codes: Codes, balance: Balance) -> Numbers:
    """What expanding adds to the threat's payoff: (1 - pi) Gamma w - pi K - c_E, shape (N,).

    w is the share of the states' power outside the threat's camp.
    """
    spared = _power_of(setting, codes != BANDWAGON) / sum(setting.power)
    pi = balance.prevailing
    return (1 - pi) * setting.prize * spared - pi * setting.defeat_loss - setting.expansion_cost


def _company(setting: Setting, codes: Codes, i: int) -> Numbers:
    """I_i: weighted parallelism with the others of one's camp."""
    n, profiles = codes.shape
    total = np.full(profiles, 0 * setting.threat_power)
    mine, balances = codes[i] == BANDWAGON, _is_balancing(codes[i])
    for j in range(n):
        if j != i:
            together = (mine & (codes[j] == BANDWAGON)) | (balances & _is_balancing(codes[j]))
            total[together] += setting.affinity_weight(i, j) * setting.parallelism[i][j]
    total[mine] += setting.affinity_weight(i, n) * setting.parallelism[i][n]
    return total


def _power_of(setting: Setting, members: NDArray[np.bool_]) -> Numbers:
    """The power of the states marked in each profile, shape (N,)."""
    total = np.full(members.shape[1], 0 * setting.threat_power)
    for i, row in enumerate(members):
        total[row] += setting.power[i]
    return total


def _is_balancing(codes: Codes) -> NDArray[np.bool_]:
    return (codes == BALANCE) | (codes == ARM) | (codes == UNDERMINE)
