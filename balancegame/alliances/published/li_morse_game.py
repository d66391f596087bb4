"""The power allocation game on whole amounts, after Li & Morse (2017)."""

from __future__ import annotations

import numpy as np

from balancegame._checks import check_table_fits
from balancegame.alliances.amounts import Amounts, read_amounts
from balancegame.alliances.published.li_morse import (
    read_relations,
    split_name,
    splits,
    whole_powers,
)
from balancegame.alliances.published.reading import Pairs
from balancegame.games.normal_form import NormalFormGame


def li_morse_game(power: Amounts, *, friends: Pairs = (), foes: Pairs = ()) -> NormalFormGame:
    """The game in which states split their power into whole amounts.

    The axioms order a state's outcomes only in part: it would rather have its friends safe or
    precarious, its foes unsafe or precarious, and prefers its own survival strictly. Payoffs here
    are our choice among those that agree with them: n for one's own survival (n states), 1 for each
    friend that is safe or precarious, 1 for each foe that is unsafe or precarious.

    After Li & Morse (2017), from memory; see `li_morse`, which takes any one allocation.

    Parameters
    ----------
    power : sequence of positive whole numbers, mapping {state: number}, or World
    friends, foes : pairs of names, optional

    Returns
    -------
    NormalFormGame
        A state's actions are its splits, such as "2 at home, 1 to B". A state of power p with k
        friends and foes has ``(p + k)! / (p! k!)`` of them: the table is for small powers.

    Raises
    ------
    InvalidParameterError
        A power that is no whole number.
    TableTooLargeError, TooManyProfilesError, UnknownStateError, InvalidNameError,
    InvalidPowerError

    References
    ----------
    Y. Li and A. S. Morse (2017), "Game of power allocation on networks", American Control
    Conference 2017.

    Examples
    --------
    >>> import balancegame as bg
    >>> game = bg.published.li_morse_game({"A": 2, "B": 1}, foes=[("A", "B")])
    >>> game.actions
    (('2 at home', '1 at home, 1 to B', '2 to B'), ('1 to A', '1 at home'))
    >>> len(bg.pure_nash(game)), bg.pure_nash(game)[0].actions
    (4, ('1 at home, 1 to B', '1 to A'))
    """
    states, held = read_amounts(power, "power")
    whole_powers(states, held)
    relations = read_relations(states, friends, foes)
    n = len(states)
    choices = [
        np.array(list(splits(relations, held, i)), dtype=np.int64).reshape(-1, n) for i in range(n)
    ]
    shape = tuple(map(len, choices))
    check_table_fits(n, shape, bytes_per_payoff=40)
    cells = np.indices(shape).reshape(n, -1)
    surplus = np.zeros(cells.shape, dtype=np.int64)  # support less threat
    for i in range(n):
        for j in range(n):
            surplus[i] += relations[i][j] * choices[j][cells[j], i]
            if relations[i][j] < 0:
                surplus[i] += choices[i][cells[i], j]
    payoffs = np.zeros(cells.shape)
    for i in range(n):
        payoffs[i] += n * (surplus[i] >= 0)
        for j in range(n):
            if j != i and relations[i][j]:
                payoffs[i] += relations[i][j] * surplus[j] >= 0
    actions = [[split_name(states, i, row) for row in choices[i].tolist()] for i in range(n)]
    return NormalFormGame(payoffs.reshape(n, *shape), states, actions, title="Power allocation")
