"""What tests of automata and treaties share: games, random automata, and values by definition."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
from hypothesis import strategies as st

import balancegame as bg

DISCOUNTS = st.fractions(0, Fraction(19, 20), max_denominator=20)


def dilemma(t=3, r=2, p=1, s=0, names=("A", "B")):
    return bg.NormalFormGame.from_arrays(
        [[r, s], [t, p]], [[r, t], [s, p]], players=names, actions=["help", "withhold"]
    )


@st.composite
def automata(draw, *, max_players=3, max_states=3, max_contingencies=2, slips=True):
    """Small automata, their transitions by deviator or in full, with ties and slips."""
    n = draw(st.integers(1, max_players))
    players = [f"p{i}" for i in range(n)]
    k = draw(st.integers(1, max_contingencies))
    weights = draw(st.lists(st.integers(0, 3), min_size=k, max_size=k))
    weights[0] += 1
    cases = []
    for w in range(k):
        shape = draw(st.lists(st.integers(1, 3), min_size=n, max_size=n))
        cells = n * int(np.prod(shape))
        payoffs = draw(st.lists(st.integers(-3, 3), min_size=cells, max_size=cells))
        game = bg.NormalFormGame(np.array(payoffs).reshape(n, *shape), players)
        cases.append(bg.Contingency(f"w{w}", Fraction(weights[w], sum(weights)), game))
    states = [f"s{j}" for j in range(draw(st.integers(1, max_states)))]
    play = {
        state: {one.name: [draw(st.integers(0, m - 1)) for m in one.stage.shape] for one in cases}
        for state in states
    }
    anywhere = st.sampled_from(states)
    if draw(st.booleans()):
        table = {
            (state, one.name, cell): draw(anywhere)
            for state in states
            for one in cases
            for cell in itertools.product(*map(range, one.stage.shape))
        }
        transitions = table
    else:
        transitions = {
            state: {
                one.name: bg.Moves(
                    draw(anywhere),
                    {name: draw(anywhere) for name in players if draw(st.booleans())},
                    draw(anywhere),
                )
                for one in cases
            }
            for state in states
        }
    hands = ()
    if slips:
        hands = {
            one.name: [
                bg.Slip(name, draw(st.integers(0, m - 1)), Fraction(draw(st.integers(0, 3)), 3))
                for name, m in zip(players, one.stage.shape, strict=True)
                if draw(st.booleans())
            ]
            for one in cases
        }
    return bg.Automaton(cases, play, transitions, slips=hands, excused=draw(st.booleans()))


def next_state(automaton, s, w, cell):
    return automaton.situations[s][w].after(cell)


def periods_worth(automaton, s, values, discounts, forced=None):
    """By definition: what state s is worth if next states are worth `values`; a list by player.

    `forced` = (contingency, player, action): only that contingency, that player surely so acting.
    """
    n = len(automaton.players)
    total = [Fraction(0)] * n
    for w, (one, p) in enumerate(
        zip(automaton.contingencies, automaton.probabilities, strict=True)
    ):
        if forced is not None:
            if w != forced[0]:
                continue
            p = Fraction(1)
        situation = automaton.situations[s][w]
        meant = list(situation.profile)
        hands = {i: (a, q) for i, a, q in situation.slips}
        if forced is not None:
            meant[forced[1]] = forced[2]
            hands.pop(forced[1], None)
        for slipping in itertools.product((0, 1), repeat=n):
            chance = p
            played = list(meant)
            for i, slips in enumerate(slipping):
                if i in hands:
                    chance *= hands[i][1] if slips else 1 - hands[i][1]
                    played[i] = hands[i][0] if slips else played[i]
                elif slips:
                    chance *= 0
            if not chance:
                continue
            t = next_state(automaton, s, w, tuple(meant if automaton.excused else played))
            for i in range(n):
                now = one.stage.exact_payoffs[(i, *played)]
                total[i] += chance * ((1 - discounts[i]) * now + discounts[i] * values[t][i])
    return total


def largest_gain(automaton, values, discounts, players=None):
    """By definition: the most anybody gains by one deviation in a state that can be reached."""
    best = None
    for name in automaton.reachable:
        s = automaton.state_index(name)
        for w, one in enumerate(automaton.contingencies):
            situation = automaton.situations[s][w]
            for i in range(len(automaton.players)) if players is None else players:
                if any(j == i and q == 1 for j, _, q in situation.slips):
                    continue
                due = periods_worth(automaton, s, values, discounts, (w, i, situation.profile[i]))[
                    i
                ]
                for a in range(one.stage.shape[i]):
                    if a != situation.profile[i]:
                        other = periods_worth(automaton, s, values, discounts, (w, i, a))[i]
                        best = other - due if best is None else max(best, other - due)
    return best
