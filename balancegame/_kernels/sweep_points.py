"""Many small balancing games at once: payoff tables, pure equilibria, and what is read off them.

Arrays that describe the points of a sweep have a leading axis of length 1 (the same at every point)
or k (one entry a point); ``steps`` holds 0 or 1 for each, so that entry p * step is the point's.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from balancegame._kernels.balancing import (
    ARM,
    BANDWAGON,
    NEUTRAL,
    UNDERMINE,
    camp_power,
    fill_payoffs,
    prevailing,
)


@njit(cache=True, nogil=True, error_model="numpy")
def fill_tables(
    tables,
    first,
    steps,
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
    """Write the tables of the points from `first` on: ``tables`` (points, players, profiles).

    The other arrays are those of `fill_payoffs`, each with the leading axis.
    """
    prefixes = 1
    for _ in range(power.shape[1] - 1):
        prefixes *= actions.shape[0]
    for row in range(tables.shape[0]):
        p = first + row
        fill_payoffs(
            tables[row],
            0,
            prefixes,
            actions,
            power[p * steps[0]],
            threat_power[p * steps[1]],
            parallelism[p * steps[2]],
            affinity[p * steps[3]],
            arming_factor[p * steps[4]],
            undermining_factor[p * steps[5]],
            base[p * steps[6]],
            slope[p * steps[7]],
            peace[p * steps[8]],
            balancing_spoils[p * steps[9]],
            bandwagon_spoils[p * steps[10]],
            affinity_weight[p * steps[11]],
            contest[p * steps[12]],
            ambition[p * steps[13]],
        )


@njit(cache=True, nogil=True)
def mark_equilibria(tables, shape, first, words, counts, firsts, worst, margins):
    """The pure equilibria of each table, into row ``first + row`` of the other arrays.

    ``words`` (k, w) uint64: bit c of a point's words says that profile c is an equilibrium;
    ``counts`` (k,); ``firsts`` (k,) the lowest such c, -1 if none, -2 if a payoff is not finite;
    ``worst`` (k, players) each player's lowest payoff in one, infinite if none; ``margins`` (k,)
    how far payoffs may move before the set changes: of the smallest loss by leaving an equilibrium
    and, over the other profiles, the smallest of the largest gains from leaving.
    """
    players, cells = tables.shape[1], tables.shape[2]
    gain, loss = np.empty(cells), np.empty(cells)
    for row in range(tables.shape[0]):
        p = first + row
        counts[p], firsts[p], margins[p] = 0, -1, np.inf
        for w in range(words.shape[1]):
            words[p, w] = 0
        total = 0.0
        for c in range(cells):
            gain[c], loss[c] = 0.0, np.inf
        stride = cells
        for i in range(players):
            worst[p, i] = np.inf
            table = tables[row, i]
            span, stride = stride, stride // shape[i]
            for start in range(0, cells, span):
                for low in range(start, start + stride):
                    best, second = table[low], -np.inf
                    total += best
                    for c in range(low + stride, low + span, stride):
                        value = table[c]
                        total += value
                        if value > best:
                            best, second = value, best
                        elif value > second:
                            second = value
                    for c in range(low, low + span, stride):
                        gain[c] = max(gain[c], best - table[c])
                        loss[c] = min(loss[c], table[c] - second)
        if not np.isfinite(total):
            firsts[p] = -2
            continue
        for c in range(cells):
            if gain[c] > 0.0:
                margins[p] = min(margins[p], gain[c])
                continue
            margins[p] = min(margins[p], loss[c])
            words[p, c >> 6] |= np.uint64(1) << np.uint64(c & 63)
            counts[p] += 1
            if firsts[p] < 0:
                firsts[p] = c
            for i in range(players):
                worst[p, i] = min(worst[p, i], tables[row, i, c])


@njit(cache=True, nogil=True, error_model="numpy")
def prevailing_at(
    cells,
    out,
    steps,
    actions,
    power,
    threat_power,
    parallelism,
    arming_factor,
    undermining_factor,
    contest,
    threat_actions,
):
    """The chance pi in one profile a point, ``cells`` (k,); nan where that is negative.

    ``steps`` are those of `fill_tables`. ``threat_actions`` is 3 if the threat plays, else 1.
    """
    n = power.shape[1]
    k = actions.shape[0]
    weight, tail = np.empty(n), np.empty(n)
    for p in range(cells.shape[0]):
        if cells[p] < 0:
            out[p] = np.nan
            continue
        q, a = power[p * steps[0]], parallelism[p * steps[2]]
        arming, undermining = arming_factor[p * steps[4]], undermining_factor[p * steps[5]]
        war = contest[p * steps[12]]
        own = threat_power[p * steps[1]]
        rest = cells[p] // threat_actions
        threat, opposed, world_power = own, False, own
        for i in range(n - 1, -1, -1):
            code = actions[rest % k]
            rest //= k
            world_power += q[i]
            weight[i], tail[i] = 0.0, 0.0
            if code == BANDWAGON:
                tail[i] = q[i]
            elif code != NEUTRAL:
                opposed = True
                weight[i] = q[i] * arming[i] if code == ARM else q[i]
                if code == UNDERMINE:
                    threat *= undermining[i]
        total, form, followers, followers_form = 0.0, 0.0, threat, threat * threat
        for i in range(n):
            total += weight[i]
            followers += tail[i]
            followers_form += 2.0 * threat * tail[i] * a[i, n]
            for j in range(n):
                form += weight[i] * weight[j] * a[i, j]
                followers_form += tail[i] * tail[j] * a[i, j]
        ours = camp_power(total, form, war[1])
        theirs = camp_power(followers, followers_form, war[1])
        out[p] = prevailing(ours, theirs, opposed, world_power, war)
