"""The two-pole game's payoffs: the formulas to read.

Poles a and b, non-strategic, head a camp each; every other state joins one of them or neither.
The camps' powers P_a, P_b aggregate by parallelism as in `balancegame.alliances.payoffs`, and

(i)   pi_a = P_a^m / (P_a^m + P_b^m), pi_b = 1 - pi_a; both 1/2 if both powers are 0. Logistic:
      pi_a = 1 / (1 + exp(-k (P_a - P_b) / T)).
(ii)  A state that joins x is paid 1 - pi_x alpha_x - (1 - pi_x)(D + rho) - c + lambda I_x, one
      that stays neutral 1 - nu D; D_i is multiplied by the state's exposure, and I_x is the
      weighted parallelism with the others of its camp, the pole included.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from balancegame.alliances.payoffs import Codes, Numbers, camp_power, prevailing_chance
from balancegame.alliances.two_pole_setting import TwoPoleSetting

NEUTRAL = 2  # the codes before it are the poles'


@dataclass(frozen=True, slots=True)
class PoleBalance:
    """How the two camps stand in each of N profiles.

    Attributes
    ----------
    powers : array, shape (2, N)
        P_a and P_b.
    prevailing : array, shape (2, N)
        pi_a and pi_b.
    """

    powers: Numbers
    prevailing: Numbers


def pole_balance(setting: TwoPoleSetting, codes: Codes) -> PoleBalance:
    """The camps' powers and chances, for profiles of codes of shape (n, N)."""
    n, profiles = codes.shape
    zero = 0 * setting.pole_power[0]
    powers: list[Numbers] = []
    for pole in (0, 1):
        brought = np.full((n + 2, profiles), zero)
        for i in range(n):
            brought[i, codes[i] == pole] = setting.power[i]
        brought[n + pole] = setting.pole_power[pole]
        powers.append(camp_power(setting, brought))
    contested = np.full(profiles, fill_value=True)
    # Each from its own side: exchanging the poles then changes no bit.
    chances = [
        prevailing_chance(setting, powers[pole], powers[1 - pole], contested) for pole in (0, 1)
    ]
    return PoleBalance(np.stack(powers), np.stack(chances))


def pole_payoffs(setting: TwoPoleSetting, codes: Codes, balance: PoleBalance) -> Numbers:
    """Every state's payoff, shape (n, N)."""
    payoffs = np.full(codes.shape, 1 + 0 * setting.pole_power[0])
    for i, own in enumerate(codes):
        domination = setting.domination_loss[i]
        payoffs[i, own == NEUTRAL] -= setting.neutral_exposure[i] * domination
        for pole in (0, 1):
            at = own == pole
            won, lost = balance.prevailing[pole, at], balance.prevailing[1 - pole, at]
            payoffs[i, at] -= won * setting.autonomy_loss[pole] + setting.alliance_cost[i]
            payoffs[i, at] -= lost * (domination + setting.retaliation[i])
            if setting.affinity[i]:
                payoffs[i, at] += setting.affinity[i] * _company(setting, codes[:, at], i, pole)
    return payoffs


def _company(setting: TwoPoleSetting, codes: Codes, i: int, pole: int) -> Numbers:
    """I_x: weighted parallelism with the others of one's camp and its pole."""
    n, profiles = codes.shape
    head = setting.affinity_weight(i, n + pole) * setting.parallelism[i][n + pole]
    total = np.full(profiles, head)
    for j in range(n):
        if j != i:
            weight = setting.affinity_weight(i, j) * setting.parallelism[i][j]
            total[codes[j] == pole] += weight
    return total
