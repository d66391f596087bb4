"""Who plays what, in one line: players who do the same stand together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from balancegame.games.rendering import number, part_text

if TYPE_CHECKING:
    from balancegame.games.equilibrium import Equilibrium

_ALL = "all"


def profile_text(players: Sequence[str], parts: Sequence[str], *, whole: bool = True) -> str:
    """Parts of a profile with those who play them; ``whole`` if these are all players.

    Examples
    --------
    >>> profile_text(["A", "B", "C"], ["balance", "neutral", "balance"])
    'A, C: balance; B: neutral'
    >>> profile_text(["A", "B"], ["balance", "balance"])
    'all: balance'
    """
    who: dict[str, list[str]] = {}
    for player, part in zip(players, parts, strict=True):
        who.setdefault(part, []).append(player)
    if whole and len(who) == 1 and len(players) > 1 and _ALL not in players:
        return f"{_ALL}: {parts[0]}"
    return "; ".join(f"{', '.join(names)}: {part}" for part, names in who.items())


def equilibrium_line(found: Equilibrium, *, payoffs: bool = False) -> str:
    """An equilibrium in one line, each part with its payoff if asked for."""
    parts = [part_text(found, i) for i in range(len(found.players))]
    if payoffs:
        parts = [
            f"{part} ({number(float(payoff))})"
            for part, payoff in zip(parts, found.payoffs, strict=True)
        ]
    return profile_text(found.players, parts)
