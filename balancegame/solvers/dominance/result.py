"""What iterated elimination returns, and how it prints."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, final

import numpy as np
from numpy.typing import NDArray

from balancegame._records import record_repr
from balancegame._words import counted
from balancegame.certificates.certificate import Certificate
from balancegame.games.as_json import AsJson
from balancegame.games.equal_content import EqualByContent
from balancegame.games.normal_form import NormalFormGame
from balancegame.games.rendering import Rows, number
from balancegame.games.tabulated import Tabulated
from balancegame.solvers.dominance import certificate
from balancegame.solvers.dominance.dominance import Dominator, Witness

if TYPE_CHECKING:
    import pandas as pd

_LARGEST_DENOMINATOR = 100  # of probabilities shown as fractions
_MOST_SHOWN = 30  # eliminations

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Step(EqualByContent):
    """One player's part of a round: what he eliminates, and why he keeps the rest.

    Actions are indices in the original game; columns count the others' joint actions in
    lexicographic order.
    """

    round: int
    player: int
    dominators: dict[int, Dominator] = field(default_factory=dict[int, Dominator])
    witnesses: dict[int, Witness] = field(default_factory=dict[int, Witness])


@final
@dataclass(frozen=True, slots=True, eq=False)
class Elimination(EqualByContent):
    """One eliminated action, and the mixed action that dominates it.

    Attributes
    ----------
    round : int
        From 1.
    player, action : str
    action_index : int
        In the original game.
    exact : tuple of Fraction
        The dominating mixed action: a probability for each of the player's original actions.
        Empty for an action that is dominated by none, but no best reply to any independent
        conjecture.
    exact_margin : Fraction
        The least it gains over the eliminated action, whatever the others do that is left to them:
        positive where the dominance is strict, 0 where it is weak. With no dominating action, a
        lower bound on what the player loses by the action, whatever he conjectures.
    exact_greatest_gain : Fraction
        The most it gains.
    names : tuple of str
        The player's original actions.
    """

    round: int
    player: str
    action: str
    action_index: int
    exact: tuple[Fraction, ...]
    exact_margin: Fraction
    exact_greatest_gain: Fraction
    names: tuple[str, ...]

    __repr__ = record_repr

    @classmethod
    def of_dominator(
        cls, game: NormalFormGame, at: int, player: int, action: int, found: Dominator
    ) -> Elimination:
        """The record of an elimination."""
        names = game.actions[player]
        return cls(
            at,
            game.players[player],
            names[action],
            action,
            found.weights,
            found.least,
            found.greatest,
            names,
        )

    @property
    def mixed_action(self) -> Floats:
        """The dominating mixed action in floats, shape (m,)."""
        return np.array([float(weight) for weight in self.exact])

    @property
    def margin(self) -> float:
        """The least gain, as a float."""
        return _rounded(self.exact_margin)

    @property
    def greatest_gain(self) -> float:
        """The greatest gain, as a float."""
        return _rounded(self.exact_greatest_gain)

    @property
    def is_strict(self) -> bool:
        """Whether the dominance is strict."""
        return self.exact_margin > 0

    @property
    def dominator(self) -> str:
        """The dominating mixed action in words."""
        if not self.exact:
            return "no mixed action, but no best reply"
        return mixture_text(self.names, self.exact)

    def to_dict(self) -> dict[str, Any]:
        """The elimination in plain types, ready for JSON."""
        return {
            "round": self.round,
            "player": self.player,
            "action": self.action,
            "dominated_by": {
                self.names[a]: str(weight) for a, weight in enumerate(self.exact) if weight
            },
            "margin": str(self.exact_margin),
            "greatest_gain": str(self.exact_greatest_gain),
        }


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class UndominatedResult(AsJson, Tabulated, EqualByContent):
    """The actions that survive iterated elimination.

    Attributes
    ----------
    original : NormalFormGame
        The game that was given.
    survivors : tuple of tuple of int
        For each player the indices of his surviving actions, at least one.
    eliminations : tuple of Elimination
        In the order in which they were made.
    by : str
        "mixed" or "pure".
    weak : bool
    order : tuple of str or None
        The players' order within a round; None where all eliminate simultaneously.
    max_rounds : int or None
    complete : bool
        Whether it is proven that nothing is dominated in the reduced game.
    reason : str
    """

    original: NormalFormGame
    survivors: tuple[tuple[int, ...], ...]
    eliminations: tuple[Elimination, ...]
    by: str
    weak: bool
    order: tuple[str, ...] | None
    max_rounds: int | None
    complete: bool
    reason: str
    steps: tuple[Step, ...] = field(repr=False, default=())

    @property
    def actions(self) -> tuple[tuple[str, ...], ...]:
        """For each player the names of his surviving actions."""
        return tuple(
            tuple(names[a] for a in kept)
            for names, kept in zip(self.original.actions, self.survivors, strict=True)
        )

    @property
    def rounds(self) -> int:
        """The rounds in which something was eliminated."""
        return max((one.round for one in self.eliminations), default=0)

    @property
    def game(self) -> NormalFormGame:
        """The reduced game, with the surviving actions only."""
        return reduced_game(self.original, self.survivors)

    @property
    def certificate(self) -> Certificate:
        """Evidence that can be re-checked without a solver, written out anew at every call.

        That in every step the actions named were dominated and all others were not. See
        docs/certificates.md.
        """
        return certificate.write(self)

    def to_frame(self) -> pd.DataFrame:
        """A tidy table: one row per player and action of the original game.

        Returns
        -------
        pandas.DataFrame
            Columns player, action, survives, round (of its elimination, 0 for none), dominated_by
            (in words, empty for none), margin, greatest_gain (NaN for none).

        Examples
        --------
        >>> import balancegame as bg
        >>> game = bg.NormalFormGame.from_arrays([[3, 0], [5, 1]], [[3, 5], [0, 1]])
        >>> bg.undominated(game).to_frame().loc[:, "player":"margin"]
             player action  survives  round dominated_by  margin
        0  player 0     a0     False      1           a1     1.0
        1  player 0     a1      True      0                  NaN
        2  player 1     a0     False      1           a1     1.0
        3  player 1     a1      True      0                  NaN
        """
        import pandas as pd  # noqa: PLC0415 (slow to import, needed here only)

        by_action = {(one.player, one.action): one for one in self.eliminations}
        rows: list[dict[str, Any]] = []
        for player, names in zip(self.original.players, self.original.actions, strict=True):
            for name in names:
                found = by_action.get((player, name))
                rows.append(
                    {
                        "player": player,
                        "action": name,
                        "survives": found is None,
                        "round": 0 if found is None else found.round,
                        "dominated_by": "" if found is None else found.dominator,
                        "margin": float("nan") if found is None else found.margin,
                        "greatest_gain": float("nan") if found is None else found.greatest_gain,
                    }
                )
        return pd.DataFrame(rows)

    def to_dict(self) -> dict[str, Any]:
        """The result in plain types, ready for JSON."""
        return {
            "by": self.by,
            "weak": self.weak,
            "order": self.order,
            "max_rounds": self.max_rounds,
            "complete": self.complete,
            "reason": self.reason,
            "players": self.original.players,
            "actions": self.original.actions,
            "survivors": self.survivors,
            "rounds": self.rounds,
            "eliminations": [one.to_dict() for one in self.eliminations],
        }

    def _rows(self) -> Rows:
        return survivor_rows(self.original, self.survivors)

    def _further(self) -> dict[str, Rows]:
        rows = elimination_rows(self.eliminations)
        return {"Eliminations": rows} if self.eliminations else {}

    def _caption(self) -> str:
        title = f" of {self.original.title}" if self.original.title else ""
        kind = f"{'weak' if self.weak else 'strict'} dominance by {self.by} actions"
        if self.max_rounds is None:
            rounds = "all rounds"
        else:
            rounds = f"at most {counted(self.max_rounds, 'round')}"
        order = "" if self.order is None else f", in the order {', '.join(self.order)}"
        return f"Undominated actions{title} ({kind}, {rounds}{order})"

    def _notes(self) -> list[str]:
        notes = [f"{'Complete' if self.complete else 'Not known to be complete'}: {self.reason}"]
        if len(self.eliminations) > _MOST_SHOWN:
            more = len(self.eliminations) - _MOST_SHOWN
            notes.insert(
                0, f"... and {counted(more, 'more elimination')}; to_frame() lists them all"
            )
        if self.weak and self.eliminations:
            notes.append("Under weak dominance another order can leave other actions")
        return notes


def reduced_game(game: NormalFormGame, survivors: tuple[tuple[int, ...], ...]) -> NormalFormGame:
    """A game with some actions of each player only."""
    table = game.exact_payoffs if game.has_rounded_payoffs else game.payoffs
    return NormalFormGame(
        table[np.ix_(range(game.n_players), *survivors)],
        game.players,
        [[names[a] for a in kept] for names, kept in zip(game.actions, survivors, strict=True)],
        title=game.title,
    )


def survivor_rows(game: NormalFormGame, survivors: tuple[tuple[int, ...], ...]) -> list[list[str]]:
    """The table of who keeps what."""
    rows = [["player", "survive", "eliminated"]]
    for player, names, kept in zip(game.players, game.actions, survivors, strict=True):
        gone = [name for a, name in enumerate(names) if a not in kept]
        rows.append([player, ", ".join(names[a] for a in kept), ", ".join(gone) or "-"])
    return rows


def elimination_rows(eliminations: tuple[Elimination, ...]) -> list[list[str]]:
    """The table of what was eliminated by what."""
    rows = [["round", "player", "action", "dominated by", "gain"]]
    rows += [
        [str(one.round), one.player, one.action, one.dominator, _gain(one)]
        for one in eliminations[:_MOST_SHOWN]
    ]
    return rows


def mixture_text(names: tuple[str, ...], weights: tuple[Fraction, ...]) -> str:
    """A mixed action in words: fractions where they are short, else four digits."""
    played = [(name, weight) for name, weight in zip(names, weights, strict=True) if weight]
    if len(played) == 1:
        return played[0][0]
    return " + ".join(
        f"{weight if weight.denominator < _LARGEST_DENOMINATOR else number(float(weight))} {name}"
        for name, weight in played
    )


def _gain(one: Elimination) -> str:
    if not one.exact:
        return f"at least {number(one.margin)}"
    if one.exact_margin == one.exact_greatest_gain:
        return number(one.margin)
    return f"{number(one.margin)} to {number(one.greatest_gain)}"


def _rounded(value: Fraction) -> float:
    """To the nearest float; the largest one if it is beyond the range."""
    try:
        return float(value)
    except OverflowError:
        return np.finfo(np.float64).max if value > 0 else np.finfo(np.float64).min
