"""Treaties: what patience can keep that no equilibrium of one period does, and commitments."""

from __future__ import annotations

from balancegame.games.profile_text import profile_text
from balancegame.games.rendering import number
from balancegame.present.report.findings.missing import Missing
from balancegame.present.report.findings.promises import Agreement, FirstMoves, Promises
from balancegame.present.report.html import Markup, element, joined, paragraph, table
from balancegame.present.report.sections.missing import missing_note
from balancegame.present.tables import ACTION_WORDS


def promises_section(promises: Promises | Missing, moves: FirstMoves | Missing) -> Markup:
    """Agreements with their critical discount factors; what commitments do to others."""
    return joined(
        [
            missing_note(promises) if isinstance(promises, Missing) else _agreements(promises),
            element("h3", "Who pulls others along, who lets them off"),
            missing_note(moves) if isinstance(moves, Missing) else _first_moves(moves),
        ]
    )


def _agreements(found: Promises) -> Markup:
    others = found.n_profiles - found.n_equilibria
    parts: list[object] = [
        paragraph(
            "If the game is played again and again, states can keep to what is no equilibrium of "
            "one period, for fear of what follows a breach: here, for ever, the deviator's worst "
            f"pure equilibrium. Of the {others:,} profiles that are no equilibria, "
            f"{found.n_sustainable:,} can be kept up by states that are patient enough. The "
            "critical discount factor is the least weight of tomorrow against today at which all "
            "keep to it."
        )
    ]
    if not found.shown:
        parts.append(
            paragraph("None of them has more welfare (sum of payoffs) than every equilibrium.")
        )
        return joined(parts)
    rows = [_agreement(found.players, one) for one in found.shown]
    parts.append(
        table(
            "Agreements with more welfare than every equilibrium, and all balance",
            ["Who does what", "Welfare", "Critical discount factor", "Who is tempted"],
            rows,
            numbers=(1, 2),
        )
    )
    if found.moving:
        first = profile_text(found.players, [_word(one) for one in found.shown[0].actions])
        parts.append(
            table(
                f"How the first moves with decisiveness ({first})",
                ["Decisiveness", "Critical discount factor", "Who is tempted"],
                [
                    [number(value), "none" if least is None else f"{least:.4f}", who or "nobody"]
                    for value, least, who in found.moving
                ],
                numbers=(0, 1),
            )
        )
    return joined(parts)


def _agreement(players: tuple[str, ...], one: Agreement) -> list[object]:
    found = one.discount
    tempted = (
        "nobody"
        if found.deviation is None
        else _deviation(found.deviation.player, found.deviation.action)
    )
    return [
        profile_text(players, [_word(action) for action in one.actions]),
        f"{sum(one.payoffs):.4f}",
        "none" if found.value is None else f"{found.value:.4f}",
        found.reason if found.value is None else tempted,
    ]


def _deviation(player: str, action: str) -> str:
    return f"{player}, to {_word(action)}"


def _word(action: str) -> str:
    return ACTION_WORDS.get(action, action)


def _first_moves(found: FirstMoves) -> Markup:
    rows: list[list[object]] = [
        [
            one.player,
            _range(one.after),
            _range(one.otherwise),
            f"{one.chain_ganging} of {one.orders}",
            f"{one.buck_passing} of {one.orders}",
        ]
        for one in found.rows
    ]
    return joined(
        [
            paragraph(
                f"Suppose one state moves first, and is committed to {_word(found.action)} or to "
                "something else; the others then move in turn, in every order. How many of them "
                f"{_word(found.action)}?"
            ),
            table(
                f"Others who {_word(found.action)}",
                [
                    "First mover",
                    "After it does",
                    "After it does not",
                    "More in orders (chain-ganging)",
                    "Fewer in orders (buck-passing)",
                ],
                rows,
                numbers=(1, 2, 3, 4),
            ),
        ]
    )


def _range(pair: tuple[int, int]) -> str:
    return str(pair[0]) if pair[0] == pair[1] else f"{pair[0]} to {pair[1]}"
