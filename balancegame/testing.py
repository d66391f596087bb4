"""Hypothesis strategies for property-based verification of your own models and solvers.

Needs Hypothesis: ``pip install 'balancegame[testing]'``. All strategies are keyword-only, draw
exact or short numbers, and shrink towards the smallest and plainest example: equal powers, no
common interests, payoffs 0, pure profiles.

Examples
--------
>>> from hypothesis import given
>>> import balancegame as bg
>>> from balancegame.testing import worlds
>>> @given(worlds(max_states=3))
... def no_payoff_exceeds_independence(world):
...     assert bg.BalancingModel().game(world).payoffs.max() <= 1 + 1e-12
>>> no_payoff_exceeds_independence()
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from balancegame.errors import MissingDependencyError
from balancegame.games.normal_form import NormalFormGame
from balancegame.world.world import World

try:
    from hypothesis import strategies as st
except ImportError:  # pragma: no cover
    message = "balancegame.testing needs hypothesis; pip install 'balancegame[testing]'"
    raise MissingDependencyError(message) from None

__all__ = ["mixed_profiles", "normal_form_games", "parallelism_matrices", "worlds"]

_POWERS = st.integers(1, 20)
_PAYOFFS = st.integers(-3, 3)
_COORDINATES = 4  # vectors of interests have integer coordinates from -4 to 4


@st.composite
def parallelism_matrices(
    draw: st.DrawFn,
    *,
    min_states: int = 1,
    max_states: int = 5,
    positive_semidefinite: bool = True,
) -> NDArray[np.float64]:
    """Symmetric matrices in [-1, 1] with unit diagonal.

    Parameters
    ----------
    min_states, max_states : int
        Bounds on their order.
    positive_semidefinite : bool
        Whether every matrix is a Gram matrix of unit vectors (up to rounding), as the model needs
        for cohesion above 0; if False, any symmetric matrix of hundredths may come, including
        such that the model has to project.

    Returns
    -------
    SearchStrategy of arrays, shape (n, n)
        Shrinks to the identity.

    Examples
    --------
    >>> from hypothesis import find
    >>> from balancegame.testing import parallelism_matrices
    >>> find(parallelism_matrices(min_states=2), lambda matrix: True)
    array([[1., 0.],
           [0., 1.]])
    """
    n = draw(st.integers(min_states, max_states))
    if positive_semidefinite:
        return draw(_gram_matrices(n))
    pairs = n * (n - 1) // 2
    below = draw(st.lists(st.integers(-100, 100), min_size=pairs, max_size=pairs))
    matrix = np.eye(n)
    rows, columns = np.tril_indices(n, -1)
    matrix[rows, columns] = matrix[columns, rows] = np.array(below) / 100
    return matrix


@st.composite
def _gram_matrices(draw: st.DrawFn, n: int) -> NDArray[np.float64]:
    # Each state's vector is its own axis, turned by what is drawn; all zeros leave the identity.
    entries = st.lists(st.integers(-_COORDINATES, _COORDINATES), min_size=n * n, max_size=n * n)
    turned = np.array(draw(entries), dtype=np.float64).reshape(n, n)
    turned[np.diag_indices(n)] = _COORDINATES - np.abs(np.diag(turned))
    turned[~turned.any(axis=1)] = np.eye(n)[~turned.any(axis=1)]
    vectors = turned / np.linalg.norm(turned, axis=1, keepdims=True)
    gram = vectors @ vectors.T
    gram = np.clip((gram + gram.T) / 2.0, -1.0, 1.0)
    np.fill_diagonal(gram, 1.0)
    return gram


@st.composite
def worlds(
    draw: st.DrawFn,
    *,
    min_states: int = 1,
    max_states: int = 4,
    threat: bool = True,
    powers: st.SearchStrategy[Any] = _POWERS,
    positive_semidefinite: bool = True,
    exposures: st.SearchStrategy[Any] | None = None,
) -> World:
    """Worlds of states "A", "B", ..., and a threat "H" as the last.

    Parameters
    ----------
    min_states, max_states : int
        Bounds on the number of states besides the threat.
    threat : bool
        Whether there is a threat.
    powers : strategy of numbers
        Each state's power; default integers from 1 to 20, which stay exact.
    positive_semidefinite : bool
        As for `parallelism_matrices`.
    exposures : strategy of numbers, optional
        Each state's exposure; default 1.

    Returns
    -------
    SearchStrategy of World
        Shrinks to few states of power 1 without common interests.

    Examples
    --------
    >>> from hypothesis import find
    >>> from balancegame.testing import worlds
    >>> find(worlds(), lambda world: world.power.sum() > 10).power
    array([ 1., 10.])
    """
    n = draw(st.integers(min_states, max_states))
    names = [_letters(i) for i in range(n)] + (["H"] if threat else [])
    total = len(names)
    return World(
        names,
        draw(st.lists(powers, min_size=total, max_size=total)),
        draw(
            parallelism_matrices(
                min_states=total,
                max_states=total,
                positive_semidefinite=positive_semidefinite,
            )
        ),
        threat="H" if threat else None,
        exposure=None
        if exposures is None
        else draw(st.lists(exposures, min_size=total, max_size=total)),
    )


@st.composite
def normal_form_games(
    draw: st.DrawFn,
    *,
    min_players: int = 1,
    max_players: int = 3,
    min_actions: int = 1,
    max_actions: int = 3,
    payoffs: st.SearchStrategy[Any] = _PAYOFFS,
    zero_sum: bool = False,
) -> NormalFormGame:
    """Games in normal form, with few distinct payoffs, so that ties are common.

    Parameters
    ----------
    min_players, max_players, min_actions, max_actions : int
        Bounds on the shape; players may have different numbers of actions.
    payoffs : strategy of numbers
        One payoff; default integers from -3 to 3. Try ``st.fractions(-1, 1, max_denominator=9)``
        or ``st.floats(-1, 1)``.
    zero_sum : bool
        Two players whatever the bounds on their number, the second losing what the first wins;
        payoffs must be numbers that can be negated.

    Returns
    -------
    SearchStrategy of NormalFormGame
        Shrinks to small shapes and zero payoffs.

    Examples
    --------
    >>> from hypothesis import find
    >>> from balancegame.testing import normal_form_games
    >>> find(normal_form_games(min_players=2, min_actions=2), lambda game: True).payoffs.tolist()
    [[[0.0, 0.0], [0.0, 0.0]], [[0.0, 0.0], [0.0, 0.0]]]
    """
    players = st.just(2) if zero_sum else st.integers(min_players, max_players)
    n = draw(players)
    shape = tuple(draw(st.lists(st.integers(min_actions, max_actions), min_size=n, max_size=n)))
    cells = int(np.prod(shape))
    count = cells if zero_sum else n * cells
    drawn = draw(st.lists(payoffs, min_size=count, max_size=count))
    if zero_sum:
        drawn += [-value for value in drawn]
    table = np.empty(n * cells, dtype=object)
    table[:] = drawn
    return NormalFormGame(table.reshape(n, *shape))


@st.composite
def mixed_profiles(
    draw: st.DrawFn,
    game: NormalFormGame | Sequence[int],
    *,
    max_weight: int = 6,
    exact: bool = False,
) -> tuple[Any, ...]:
    """Mixed profiles of a game: one probability vector a player.

    Parameters
    ----------
    game : NormalFormGame or sequence of int
        The game, or its numbers of actions.
    max_weight : int
        Probabilities are proportional to integers from 0 to this.
    exact : bool
        Give lists of Fractions instead of float arrays.

    Returns
    -------
    SearchStrategy of tuples
        Shrinks to pure profiles of the first actions.

    Examples
    --------
    >>> from hypothesis import find
    >>> from balancegame.testing import mixed_profiles
    >>> find(mixed_profiles([2, 3]), lambda profile: True)
    (array([1., 0.]), array([1., 0., 0.]))
    """
    shape = game.shape if isinstance(game, NormalFormGame) else game
    profile: list[Any] = []
    for m in shape:
        weights = draw(st.lists(st.integers(0, max_weight), min_size=m, max_size=m))
        if not any(weights):
            weights[0] = 1
        total = sum(weights)
        exactly = [Fraction(weight, total) for weight in weights]
        profile.append(exactly if exact else np.array([float(value) for value in exactly]))
    return tuple(profile)


def _letters(place: int) -> str:
    """A, B, ..., Z, AA, ...: skipping H, the threat."""
    alphabet = "ABCDEFGIJKLMNOPQRSTUVWXYZ"
    letters = alphabet[place % len(alphabet)]
    return letters if place < len(alphabet) else _letters(place // len(alphabet) - 1) + letters
