"""The balancing game's payoffs, one profile at a time: the formulas to read.

Written for any number type, so that exact tables and explanations use these very lines; the
compiled table of `balancegame._kernels.balancing` is tested against them.

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

      with D_i multiplied by the state's exposure.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from balancegame.alliances.setting import Scalar, Setting

BALANCE, BANDWAGON, NEUTRAL, ARM, UNDERMINE = range(5)
_BALANCING = (BALANCE, ARM, UNDERMINE)
# As in the compiled table: less than rounding can leave of a form that cancels counts as 0.
_CANCELLED = 2.0**-50


@dataclass(frozen=True, slots=True)
class Balance:
    """How the camps stand in one profile.

    Attributes
    ----------
    contributions : sequence
        q_i of the states in C+, 0 for the others.
    threat_power : number
        H_eff, after undermining.
    ours, theirs : number
        P+ and P-.
    prevailing : number
        pi.
    """

    contributions: Sequence[Scalar]
    threat_power: Scalar
    ours: Scalar
    theirs: Scalar
    prevailing: Scalar


def balance_of(setting: Setting, codes: Sequence[int]) -> Balance:
    """Powers of the two camps and the chance that balancing prevails."""
    n = len(setting.players)
    members = [i for i in range(n) if codes[i] in _BALANCING]
    followers = [i for i in range(n) if codes[i] == BANDWAGON]
    ours = [0 * setting.threat_power] * (n + 1)
    for i in members:
        armed = 1 + setting.arming_gain[i] if codes[i] == ARM else 1
        ours[i] = setting.power[i] * armed
    theirs = [0 * setting.threat_power] * (n + 1)
    theirs[n] = setting.threat_power
    for i in range(n):
        if codes[i] == UNDERMINE:
            theirs[n] *= 1 - setting.undermining_effect[i]
    for i in followers:
        theirs[i] = setting.power[i]
    strength = camp_power(setting, ours)
    opposition = camp_power(setting, theirs)
    return Balance(
        contributions=ours[:n],
        threat_power=theirs[n],
        ours=strength,
        theirs=opposition,
        prevailing=_prevailing(setting, strength, opposition, opposed=bool(members)),
    )


def camp_power(setting: Setting, contributions: Sequence[Scalar]) -> Scalar:
    """P(C) of a camp, from the contributions of all states and the threat (0 for outsiders)."""
    total = sum(contributions)
    if setting.cohesion == 0 or total == 0:
        return total
    members = [i for i, q in enumerate(contributions) if q != 0]
    shares = {i: contributions[i] / total for i in members}
    form = sum(
        shares[i] * setting.parallelism[i][j] * shares[j] for i in members for j in members
    )
    if form <= _CANCELLED:
        return 0 * total
    return total * form ** (setting.cohesion / 2)


def _prevailing(setting: Setting, ours: Scalar, theirs: Scalar, *, opposed: bool) -> Scalar:
    if setting.contest == "logistic":
        return 1 / (1 + math.exp(-setting.steepness * (ours - theirs) / setting.world_power))
    nothing = 0 * setting.threat_power
    if not opposed:
        return nothing
    if ours == 0:
        return nothing + 1 / (nothing + 2) if theirs == 0 else nothing
    ratio = theirs / ours
    if ratio > 1 and isinstance(ratio, float) and setting.decisiveness * math.log(ratio) > 700:
        return 0.0
    return 1 / (1 + ratio**setting.decisiveness)


def war_payoffs(setting: Setting, codes: Sequence[int], balance: Balance) -> list[Scalar]:
    """Every state's payoff when the threat expands (or is no player)."""
    pi = balance.prevailing
    total = setting.world_power
    ours = sum(balance.contributions)
    camp_of_threat = setting.threat_power + sum(
        p for p, code in zip(setting.power, codes, strict=True) if code == BANDWAGON
    )
    payoffs: list[Scalar] = []
    for i, code in enumerate(codes):
        domination = setting.domination_loss[i]
        if code == BANDWAGON:
            loss = (1 - pi) * setting.autonomy_loss[i] + pi * setting.retribution[i]
            spoils = (1 - pi) * setting.bandwagon_spoils[i] * ours / total
            gain = spoils * setting.power[i] / camp_of_threat
        elif code == NEUTRAL:
            loss = (1 - pi) * setting.neutral_exposure[i] * domination
            gain = 0
        else:
            loss = (1 - pi) * (domination + setting.retaliation[i])
            spoils = pi * setting.balancing_spoils[i] * camp_of_threat / total
            gain = spoils * balance.contributions[i] / ours if ours else 0
        payoffs.append(1 - loss + gain + _affinity(setting, codes, i) - _cost(setting, codes, i))
    return payoffs


def peace_payoffs(setting: Setting, codes: Sequence[int]) -> list[Scalar]:
    """Every state's payoff when the threat restrains itself and there is no contest."""
    return [
        1
        + _affinity(setting, codes, i)
        - _cost(setting, codes, i)
        - (setting.deference[i] if code == BANDWAGON else 0)
        for i, code in enumerate(codes)
    ]


def expansion_gain(setting: Setting, codes: Sequence[int], balance: Balance) -> Scalar:
    """What expanding adds to the threat's payoff: (1 - pi) Gamma w - pi K - c_E.

    w is the share of the states' power outside the threat's camp.
    """
    spared = sum(p for p, code in zip(setting.power, codes, strict=True) if code != BANDWAGON)
    pi = balance.prevailing
    won = (1 - pi) * setting.prize * spared / sum(setting.power)
    return won - pi * setting.defeat_loss - setting.expansion_cost


def _affinity(setting: Setting, codes: Sequence[int], i: int) -> Scalar:
    """lambda_i I_i: weighted parallelism with the rest of one's camp, the threat included."""
    if not setting.affinity[i] or codes[i] == NEUTRAL:
        return 0
    n = len(codes)
    if codes[i] == BANDWAGON:
        camp = [j for j in range(n) if codes[j] == BANDWAGON] + [n]
    else:
        camp = [j for j in range(n) if codes[j] in _BALANCING]
    return setting.affinity[i] * sum(
        setting.affinity_weight(i, j) * setting.parallelism[i][j] for j in camp if j != i
    )


def _cost(setting: Setting, codes: Sequence[int], i: int) -> Scalar:
    if codes[i] not in _BALANCING:
        return 0
    extra = {ARM: setting.arming_cost[i], UNDERMINE: setting.undermining_cost[i]}
    return setting.alliance_cost[i] + extra.get(codes[i], 0)
