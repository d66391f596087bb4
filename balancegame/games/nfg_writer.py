"""Writing Gambit's strategic-form files (.nfg), payoff version; see `nfg_reader` for the format."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from balancegame._numbers import format_fraction

if TYPE_CHECKING:
    from balancegame.games.normal_form import NormalFormGame


def write_nfg(game: NormalFormGame) -> str:
    """A game as the text of a payoff-version .nfg file."""
    players = " ".join(map(_quote, game.players))
    actions = "\n".join("{ " + " ".join(map(_quote, names)) + " }" for names in game.actions)
    if game.has_rounded_payoffs:
        numbers = [format_fraction(value) for value in _by_profile(game.exact_payoffs)]
    else:
        numbers = [_float_text(value) for value in _by_profile(game.payoffs)]
    n = game.n_players
    lines = "\n".join(" ".join(numbers[k : k + n]) for k in range(0, len(numbers), n))
    head = f"NFG 1 R {_quote(game.title)} {{ {players} }}"
    return f'{head}\n\n{{ {actions}\n}}\n""\n\n{lines}\n'


def _by_profile(table: NDArray[Any]) -> list[Any]:
    """All payoffs of one profile after another, the first player's action fastest."""
    n = table.shape[0]
    return np.stack([table[i].ravel(order="F") for i in range(n)], axis=1).ravel().tolist()


def _float_text(value: float) -> str:
    """Shortest decimal in positional notation: some readers of the format know no exponents."""
    return np.format_float_positional(value, trim="-")


def _quote(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
