"""The balancing game's payoff table in compiled code: coefficients in, tensor out.

A profile is read as a mixed-radix number, the last state's action varying fastest. Everything
the other states have fixed (a *prefix*) is summed once,

    S+ = sum of q_i over C+,    X+ = q' A q over C+,    and the same over the followers W,

and the inner loop runs over the last state's action, so that a profile costs O(n) and not O(n^2).
A camp's power is P = S (X / S^2)^(theta/2), with X = ||sum of q_i v_i||^2 when A is the Gram matrix
of the interests v_i (MODEL.md B i).

Array arguments, for n states and the five action codes below:

* ``power`` (n,), ``threat_power``: in one common unit, which cancels;
* ``parallelism`` (n + 1, n + 1), the threat last;
* ``affinity`` (n + 1, n + 1): lambda-free weights (p_i p_j)^eta A_ij / sum of p_k^(2 eta);
* ``arming_factor`` (n,) = 1 + g, ``undermining_factor`` (n,) = 1 - mu;
* ``base``, ``slope`` (n, 5): u_i = base + slope * pi before spoils and affinity;
* ``peace`` (n, 5): u_i under `restrain`, before affinity;
* ``balancing_spoils``, ``bandwagon_spoils``, ``affinity_weight`` (n,);
* ``contest`` (4,): decisiveness, cohesion, steepness, 1.0 for the logistic form;
* ``ambition`` (3,): the threat's prize, defeat_loss, expansion_cost.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

BALANCE, BANDWAGON, NEUTRAL, ARM, UNDERMINE = range(5)
# Below this multiple of its largest possible value, a quadratic form is rounding and counts as 0.
_CANCELLED = 4.0 * np.finfo(np.float64).eps


@njit(cache=True, nogil=True, inline="always", error_model="numpy")
def camp_power(total, form, cohesion):
    """P = S (X / S^2)^(theta/2), from S and X."""
    if cohesion == 0.0 or total <= 0.0:
        return max(total, 0.0)
    square = total * total
    if square < 1e-290:  # beside powers so much larger, the form has lost its digits
        return total
    if form <= _CANCELLED * square:
        return 0.0
    if cohesion == 1.0:
        return math.sqrt(form)
    return total * (form / square) ** (0.5 * cohesion)


@njit(cache=True, nogil=True, inline="always", error_model="numpy")
def prevailing(ours, theirs, opposed, world_power, contest):
    """pi, from the two camps' powers; `opposed` says whether anyone balances."""
    if contest[3] != 0.0:
        return 1.0 / (1.0 + math.exp(-contest[2] * (ours - theirs) / world_power))
    if not opposed:
        return 0.0
    if ours == 0.0:
        return 0.5 if theirs == 0.0 else 0.0
    ratio = theirs / ours
    decisiveness = contest[0]
    if decisiveness == 2.0:
        return 1.0 / (1.0 + ratio * ratio)
    if decisiveness != 1.0:
        ratio = ratio**decisiveness
    return 1.0 / (1.0 + ratio)


@njit(cache=True, nogil=True, error_model="numpy")
def fill_payoffs(
    out,
    first_prefix,
    end_prefix,
    actions,
    power,
    threat_power,
    parallelism,
    affinity,
    arming_factor,
    undermining_factor,
    base,
    slope,
    peace,
    balancing_spoils,
    bandwagon_spoils,
    affinity_weight,
    contest,
    ambition,
):
    """Write the payoffs of all profiles whose prefix lies in [first_prefix, end_prefix).

    `out` is (n, k^n) for a fixed hegemon, or (n + 1, k^n, 3) reshaped to (n + 1, 3 k^n) for a
    strategic one, whose actions expand, restrain, opportunist are then the fastest axis.
    """
    n = power.shape[0]
    k = actions.shape[0]
    last = n - 1
    strategic = out.shape[0] == n + 1
    states_power = 0.0
    for i in range(n):
        states_power += power[i]
    world_power = states_power + threat_power
    cohesion = contest[1]
    with_affinity = False
    with_spoils = False
    for i in range(n):
        with_affinity |= affinity_weight[i] != 0.0
        with_spoils |= balancing_spoils[i] != 0.0 or bandwagon_spoils[i] != 0.0

    chosen = np.empty(n, np.int64)  # action codes of the profile at hand
    weight = np.zeros(n)  # contributions q_i to C+, 0 outside it
    friends = np.zeros((2, n))  # affinity to the members of C+ and of C-

    for prefix in range(first_prefix, end_prefix):
        rest = prefix
        for i in range(last - 1, -1, -1):
            chosen[i] = actions[rest % k]
            rest //= k

        # What the first n - 1 states have settled.
        balancing = followers = balancing_form = followers_form = followers_tie = 0.0
        factor = 1.0
        opposed = False
        for i in range(last):
            code = chosen[i]
            weight[i] = 0.0
            if code == BANDWAGON:
                cross = 0.0
                for j in range(i):
                    if chosen[j] == BANDWAGON:
                        cross += power[j] * parallelism[i, j]
                followers_form += power[i] * (power[i] + 2.0 * cross)
                followers_tie += power[i] * parallelism[i, n]
                followers += power[i]
            elif code != NEUTRAL:
                opposed = True
                weight[i] = power[i] * arming_factor[i] if code == ARM else power[i]
                if code == UNDERMINE:
                    factor *= undermining_factor[i]
                cross = 0.0
                for j in range(i):
                    cross += weight[j] * parallelism[i, j]
                balancing_form += weight[i] * (weight[i] + 2.0 * cross)
                balancing += weight[i]
        balancing_cross = followers_cross = 0.0
        for j in range(last):
            balancing_cross += weight[j] * parallelism[last, j]
            if chosen[j] == BANDWAGON:
                followers_cross += power[j] * parallelism[last, j]
        if with_affinity:
            for i in range(n):
                friends[0, i] = 0.0
                friends[1, i] = affinity[i, n]
                for j in range(last):
                    if j != i and chosen[j] != NEUTRAL:
                        friends[1 if chosen[j] == BANDWAGON else 0, i] += affinity[i, j]

        for a in range(k):
            code = actions[a]
            chosen[last] = code
            own = power[last]
            total, form, joined = balancing, balancing_form, opposed
            tail, tail_form, tail_tie, undermined = followers, followers_form, followers_tie, factor
            weight[last] = 0.0
            if code == BANDWAGON:
                tail_form += own * (own + 2.0 * followers_cross)
                tail_tie += own * parallelism[last, n]
                tail += own
            elif code != NEUTRAL:
                joined = True
                q = own * arming_factor[last] if code == ARM else own
                if code == UNDERMINE:
                    undermined *= undermining_factor[last]
                weight[last] = q
                form += q * (q + 2.0 * balancing_cross)
                total += q

            threat = threat_power * undermined
            theirs_form = threat * (threat + 2.0 * tail_tie) + tail_form
            ours = camp_power(total, form, cohesion)
            theirs = camp_power(threat + tail, theirs_form, cohesion)
            pi = prevailing(ours, theirs, joined, world_power, contest)
            profile = prefix * k + a

            expands = False
            if strategic:
                spared = (states_power - tail) / states_power
                gain = (1.0 - pi) * ambition[0] * spared - pi * ambition[1] - ambition[2]
                expands = gain >= 0.0
                out[n, 3 * profile] = undermined + gain
                out[n, 3 * profile + 1] = undermined
                out[n, 3 * profile + 2] = undermined + gain if expands else undermined

            for i in range(n):
                mine = chosen[i]
                bonus = 0.0
                if with_affinity and mine != NEUTRAL:
                    camp = 1 if mine == BANDWAGON else 0
                    bonus = friends[camp, i]
                    if i != last and code != NEUTRAL and (code == BANDWAGON) == (camp == 1):
                        bonus += affinity[i, last]
                    bonus *= affinity_weight[i]
                war = base[i, mine] + slope[i, mine] * pi + bonus
                if with_spoils:
                    if mine == BANDWAGON:
                        prize = (total / world_power) * (power[i] / (threat_power + tail))
                        war += (1.0 - pi) * bandwagon_spoils[i] * prize
                    elif mine != NEUTRAL:
                        # Contributions may all be lost beside a far larger power: no share then.
                        part = weight[i] / total if total > 0.0 else 0.0
                        prize = ((threat_power + tail) / world_power) * part
                        war += pi * balancing_spoils[i] * prize
                if strategic:
                    quiet = peace[i, mine] + bonus
                    out[i, 3 * profile] = war
                    out[i, 3 * profile + 1] = quiet
                    out[i, 3 * profile + 2] = war if expands else quiet
                else:
                    out[i, profile] = war
