"""Alignment games drawn at random, and answers by definition: slow, and nothing shared."""

from __future__ import annotations

from itertools import product

from hypothesis import strategies as st

import balancegame as bg

EXACT = st.integers(-2, 2) | st.sampled_from(["0.1", "-0.2", "0.3", "1/3"])
FLOATS = st.sampled_from([0.1, 0.2, 0.3, -0.1, -0.3, 0.0, 1e-17, 1e17])
SIZES = st.integers(1, 4) | st.sampled_from(["0.1", "2/3"]) | st.sampled_from([0.1, 0.7, 3.3e5])


@st.composite
def alignment_games(draw, *, min_states=1, max_states=6):
    """Few distinct numbers, so that ties and near ties are common; some take several digits."""
    n = draw(st.integers(min_states, max_states))
    entries = draw(st.sampled_from([EXACT, FLOATS]))
    pairs = {(i, j): draw(entries) for i in range(n) for j in range(i)}
    matrix = [[0 if i == j else pairs[max(i, j), min(i, j)] for j in range(n)] for i in range(n)]
    return bg.AlignmentGame(draw(st.lists(SIZES, min_size=n, max_size=n)), matrix)


def all_sides(n, *, mirrored=False):
    return [sides for sides in product((0, 1), repeat=n) if mirrored or sides[0] == 0]


def frustration(game, sides, i):
    size, propensity = game.exact_size, game.exact_propensity
    return sum(
        size[j] * propensity[i][j] for j in range(game.n_states) if j != i and sides[i] != sides[j]
    )


def energy(game, sides):
    return sum(game.exact_size[i] * frustration(game, sides, i) for i in range(game.n_states))


def flipped(sides, k):
    moved = tuple(1 - s if i == k else s for i, s in enumerate(sides))
    return moved if moved[0] == 0 else tuple(1 - s for s in moved)


def landscape(game):
    """(energy, sides, basin) of every local minimum, by brute force."""
    ends = {}
    energies = {sides: energy(game, sides) for sides in all_sides(game.n_states)}

    def end(sides):
        if sides not in ends:
            lows = [energies[flipped(sides, k)] for k in range(game.n_states)]
            best = min(lows)
            falls = best < energies[sides]
            ends[sides] = end(flipped(sides, lows.index(best))) if falls else sides
        return ends[sides]

    reached = [end(sides) for sides in energies]
    return sorted((energies[s], s, reached.count(s)) for s in set(reached))
