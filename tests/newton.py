"""Newton's method on the equations of a support, from many starts at once: an independent search.

A support's actions all pay the same, and each player's probabilities sum to 1: as many equations as
probabilities.
"""

from __future__ import annotations

import itertools

import numpy as np

_STEPS = 25
_LETTERS = "abcdefghijklmn"


def random_supports(shape, rng, count):
    """Supports of random size, each player's independent of the others'."""
    for _ in range(count):
        sizes = rng.integers(1, np.array(shape) + 1)
        yield tuple(
            tuple(sorted(rng.choice(m, k, replace=False).tolist()))
            for m, k in zip(shape, sizes, strict=True)
        )


def random_starts(support, rng, count):
    """Probabilities of a support's actions, uniform on each player's simplex: shape (count, k)."""
    return np.hstack([rng.dirichlet(np.ones(len(own)), count) for own in support])


def equilibria_from(game, support, starts):
    """The equilibria with just this support that the starts lead to, as profiles."""
    tables = game.payoffs[(slice(None), *np.ix_(*support))]
    tables = tables / np.abs(game.payoffs).max()
    points = np.array(starts, dtype=float)
    with np.errstate(all="ignore"):
        for _ in range(_STEPS):
            values, slopes = _system(tables, points)
            usable = np.isfinite(slopes).all(axis=(1, 2)) & np.isfinite(values).all(axis=1)
            points, values, slopes = points[usable], values[usable], slopes[usable]
            regular = np.abs(np.linalg.det(slopes)) > 1e-12
            points, values, slopes = points[regular], values[regular], slopes[regular]
            points = points - np.linalg.solve(slopes, values[..., np.newaxis])[..., 0]
    values, _ = _system(tables, points)
    with np.errstate(all="ignore"):
        settled = (np.abs(values).max(axis=1) < 1e-12) & (points > 1e-9).all(axis=1)
    found = []
    for point in points[settled]:
        profile = _spread(point, support, game.shape)
        if max(game.regret(profile)) < 1e-9 * np.abs(game.payoffs).max():
            found.append(profile)
    return found


def _spread(point, support, shape):
    parts = np.split(point, np.cumsum([len(own) for own in support])[:-1])
    profile = []
    for part, own, m in zip(parts, support, shape, strict=True):
        whole = np.zeros(m)
        whole[list(own)] = part / part.sum()
        profile.append(whole)
    return profile


def _system(tables, points):
    """The values of the equations and their derivatives: (B, k) and (B, k, k)."""
    sizes = tables.shape[1:]
    begins = np.cumsum([0, *sizes])
    parts = [points[:, a:b] for a, b in itertools.pairwise(begins)]
    count, total = points.shape
    values, slopes = np.zeros((count, total)), np.zeros((count, total, total))
    for i, size in enumerate(sizes):
        own = slice(begins[i] + 1, begins[i + 1])
        payoffs = _contracted(tables[i], parts, (i,))
        values[:, begins[i]] = parts[i].sum(axis=1) - 1
        slopes[:, begins[i], begins[i] : begins[i] + size] = 1
        values[:, own] = payoffs[:, 1:] - payoffs[:, :1]
        for j in range(len(sizes)):
            if j != i:
                by = _contracted(tables[i], parts, (i, j))
                slopes[:, own, begins[j] : begins[j + 1]] = by[:, 1:] - by[:, :1]
    return values, slopes


def _contracted(table, parts, kept):
    """Expected payoffs with all players' mixtures but those kept, whose axes stay, in order."""
    letters = _LETTERS[: table.ndim]
    used = [(letters[j], part) for j, part in enumerate(parts) if j not in kept]
    terms = ",".join([letters, *("z" + letter for letter, _ in used)])
    out = "z" + "".join(letters[j] for j in kept)
    if not used:
        return np.broadcast_to(
            np.einsum(f"{letters}->{out[1:]}", table),
            (len(parts[0]), *(table.shape[j] for j in kept)),
        )
    return np.einsum(f"{terms}->{out}", table, *(part for _, part in used))
