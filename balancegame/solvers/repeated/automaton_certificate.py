"""Write the certificate that an automaton is subgame perfect, or that a deviation pays.

Its format: docs/certificates.md. What it proves, and how that is checked:
`balancegame.certificates.automata`, which shares no code with the solver.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from balancegame.certificates.certificate import Certificate, encode_fraction
from balancegame.certificates.verification import FORMAT
from balancegame.games.automaton import Automaton
from balancegame.games.situation import Situation
from balancegame.solvers.written_game import written_contingencies


def write(
    automaton: Automaton,
    discounts: Sequence[Fraction],
    checked: Sequence[str],
    values: Mapping[str, Mapping[str, Fraction]],
    gains: tuple[str, str, str, str] | None,
) -> Certificate:
    """The certificate of an automaton's values and one-shot deviations.

    Parameters
    ----------
    automaton : Automaton
    discounts : sequence of Fraction
        One a player.
    checked : sequence of str
        The players whose deviations count.
    values : mapping {state: {player: value}}
        For every state that some play leads to.
    gains : (state, contingency, player, action) or None
        A deviation that pays, if there is one.
    """
    kept = [automaton.state_index(name) for name in values]
    places = {s: place for place, s in enumerate(kept)}
    return Certificate(
        {
            "format": FORMAT,
            "claim": "one-shot deviations from an automaton",
            "contingencies": written_contingencies(
                zip(automaton.contingencies, automaton.probabilities, strict=True)
            ),
            "discounts": [encode_fraction(one) for one in discounts],
            "excused": automaton.excused,
            "initial": places[automaton.state_index(automaton.initial)],
            "states": [
                {
                    "name": automaton.states[s],
                    "situations": [
                        _written_situation(one, places) for one in automaton.situations[s]
                    ],
                    "values": [
                        encode_fraction(values[automaton.states[s]][player])
                        for player in automaton.players
                    ],
                }
                for s in kept
            ],
            "players": [automaton.players.index(name) for name in checked],
            "subgame_perfect": gains is None,
            "deviation": None if gains is None else _written_deviation(automaton, places, *gains),
        }
    )


def _written_situation(situation: Situation, places: Mapping[int, int]) -> dict[str, Any]:
    return {
        "profile": list(situation.profile),
        "follow": places[situation.follow],
        "alone": [[places[s] for s in row] for row in situation.alone],
        "several": _written_several(situation, places),
        "slips": [[i, a, encode_fraction(chance)] for i, a, chance in situation.slips],
    }


def _written_several(situation: Situation, places: Mapping[int, int]) -> Any:
    several = situation.several
    if isinstance(several, int):
        # Where fewer than two players can deviate the rule is never used.
        return places.get(several)
    listed = several.astype(object)
    flat = listed.reshape(-1)
    flat[:] = [places[int(s)] for s in flat.tolist()]
    return listed.tolist()


def _written_deviation(
    automaton: Automaton,
    places: Mapping[int, int],
    state: str,
    contingency: str,
    player: str,
    action: str,
) -> list[int]:
    w = automaton.contingency_index(contingency)
    i = automaton.players.index(player)
    return [
        places[automaton.state_index(state)],
        w,
        i,
        automaton.contingencies[w].stage.actions[i].index(action),
    ]
