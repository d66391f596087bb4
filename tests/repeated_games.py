"""What tests of payoff sets share: definitions spelt out, and a plain oracle on linear programs."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
from scipy.optimize import linprog

import balancegame as bg


def stage_values(repeated: bg.RepeatedGame):
    """For each contingency (probability, {profile: (payoffs, best deviations)}), in Fractions."""
    found = []
    for chance, stage in zip(repeated.probabilities, repeated.stages, strict=True):
        table = stage.exact_payoffs
        values = {}
        for profile in itertools.product(*map(range, stage.shape)):
            best = []
            for i in range(stage.n_players):
                others = [
                    table[(i, *profile[:i], b, *profile[i + 1 :])] for b in range(stage.shape[i])
                ]
                best.append(max(others))
            values[profile] = ([table[(i, *profile)] for i in range(stage.n_players)], best)
        found.append((chance, values))
    return found


def check_self_generating(repeated: bg.RepeatedGame, proof, profiles) -> None:
    """That every point is had as the proof says, and nobody gains by deviating; in Fractions."""
    discounts, n = repeated.exact_discounts, repeated.n_players
    values = stage_values(repeated)
    lowest = [min(point[i] for point in proof.points) for i in range(n)]
    for point, way in zip(proof.points, proof.generated, strict=True):
        total = [Fraction(0)] * n
        for (chance, table), a, weights in zip(
            values, way.profiles, way.continuations, strict=True
        ):
            payoffs, best = table[profiles[a]]
            assert sum(w for _, w in weights) == 1
            assert all(w >= 0 for _, w in weights)
            for i, delta in enumerate(discounts):
                later = sum(proof.points[j][i] * w for j, w in weights)
                now = (1 - delta) * payoffs[i] + delta * later
                assert now >= (1 - delta) * best[i] + delta * lowest[i]
                total[i] += chance * now
        assert tuple(total) == point


def outer_levels(repeated: bg.RepeatedGame, directions, *, rounds=60):
    """How far the set can reach in directions: the operator by its definition, linear programs.

    None once some contingency has no profile left. With few directions this is a coarse bound.
    """
    discounts, n = repeated.discounts, repeated.n_players
    values = [
        (float(q), [(np.array(g, float), np.array(d, float)) for g, d in table.values()])
        for q, table in stage_values(repeated)
    ]
    directions = np.vstack([-np.eye(n), directions])
    low = sum(q * np.min([g for g, _ in rows], axis=0) for q, rows in values)
    high = sum(q * np.max([g for g, _ in rows], axis=0) for q, rows in values)
    levels = np.where(directions > 0, directions * high, directions * low).sum(axis=1)
    for _ in range(rounds):
        threats = -levels[:n]
        fresh = np.zeros(len(directions))
        for q, rows in values:
            best = np.full(len(directions), -np.inf)
            for g, d in rows:
                with np.errstate(divide="ignore", invalid="ignore"):
                    need = np.where(d > g, (1 - discounts) / discounts * (d - g), -np.inf)
                bounds = [(None if v == -np.inf else v - 1e-9, None) for v in threats + need]
                if np.isposinf(need).any():
                    continue
                for j, one in enumerate(directions):
                    found = linprog(-one * discounts, directions, levels, bounds=bounds)
                    if found.status == 2:
                        break
                    best[j] = max(best[j], one @ ((1 - discounts) * g) - found.fun)
            if np.isneginf(best).any():
                return None
            fresh += q * best
        done = np.abs(fresh - levels).max() < 1e-7
        levels = np.minimum(levels, fresh)
        if done:
            break
    return levels[n:]


def prisoners(n: int, *, benefit=2, cost=1) -> bg.NormalFormGame:
    """Helping costs the helper; each of the others gets a share of the benefit."""
    table = np.empty((n, *(2,) * n), dtype=object)
    for profile in itertools.product(range(2), repeat=n):
        for i in range(n):
            helped = sum(1 - a for j, a in enumerate(profile) if j != i)
            table[(i, *profile)] = Fraction(benefit * helped, n - 1) - cost * (1 - profile[i])
    return bg.NormalFormGame(table)
