"""What rationalizability returns, and how it prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, final

from balancegame._records import record_repr
from balancegame.certificates.certificate import Certificate
from balancegame.games.as_json import AsJson
from balancegame.games.equal_content import EqualByContent
from balancegame.games.normal_form import NormalFormGame
from balancegame.games.rendering import Rows
from balancegame.games.tabulated import Tabulated
from balancegame.solvers.dominance.result import (
    Elimination,
    elimination_rows,
    mixture_text,
    reduced_game,
    survivor_rows,
)
from balancegame.solvers.minmax.punishment import Covering, Part
from balancegame.solvers.rationalizable import certificate

if TYPE_CHECKING:
    import pandas as pd

_MOST_CELLS = 3  # of a conjecture in a line


@final
@dataclass(frozen=True, slots=True, eq=False)
class Conjecture(EqualByContent):
    """What a player may believe of the others so that an action is a best reply.

    Attributes
    ----------
    player, action : str
    player_index, action_index : int
    joint : mapping or None
        Probabilities of the others' joint actions, as tuples of indices in the order of the
        players without this one; None if `parts` is given.
    parts : tuple of tuples of Fraction, or None
        One probability vector for each of the others, who choose independently.
    others : tuple of (str, tuple of str)
        Their names and actions.
    """

    player: str
    action: str
    player_index: int
    action_index: int
    joint: Mapping[tuple[int, ...], Fraction] | None
    parts: tuple[Part, ...] | None
    others: tuple[tuple[str, tuple[str, ...]], ...]

    __repr__ = record_repr

    @classmethod
    def of(
        cls,
        game: NormalFormGame,
        player: int,
        action: int,
        joint: Mapping[tuple[int, ...], Fraction] | None,
        parts: tuple[Part, ...] | None,
    ) -> Conjecture:
        """A conjecture of one of a game's players."""
        others = tuple(
            (game.players[j], game.actions[j]) for j in range(game.n_players) if j != player
        )
        return cls(
            game.players[player], game.actions[player][action], player, action, joint, parts, others
        )

    @property
    def exact(self) -> dict[tuple[int, ...], Fraction]:
        """Probabilities of the others' joint actions, those of 0 left out."""
        if self.joint is not None:
            return dict(self.joint)
        cells: dict[tuple[int, ...], Fraction] = {(): Fraction(1)}
        for part in self.parts or ():
            cells = {
                (*cell, a): before * chance
                for cell, before in cells.items()
                for a, chance in enumerate(part)
                if chance
            }
        return cells

    def rests_on(self, kept: Sequence[Sequence[int]]) -> bool:
        """Whether it gives the others only actions among those kept, given for every player."""
        theirs = [mine for j, mine in enumerate(kept) if j != self.player_index]
        if self.parts is not None:
            return all(
                a in mine
                for part, mine in zip(self.parts, theirs, strict=True)
                for a, chance in enumerate(part)
                if chance
            )
        return all(a in mine for cell in self.exact for a, mine in zip(cell, theirs, strict=True))

    def __str__(self) -> str:
        if self.parts is not None:
            return (
                ", ".join(
                    f"{name}: {mixture_text(names, part)}"
                    for (name, names), part in zip(self.others, self.parts, strict=True)
                )
                or "-"
            )
        cells = list(self.exact.items())
        if not self.others:
            return "-"
        shown = [
            f"{'' if chance == 1 else f'{_short(chance)} '}"
            + f"({', '.join(names[a] for a, (_, names) in zip(cell, self.others, strict=True))})"
            for cell, chance in cells[:_MOST_CELLS]
        ]
        return " + ".join(shown) + (" + ..." if len(cells) > _MOST_CELLS else "")

    def to_dict(self) -> dict[str, Any]:
        """The conjecture in plain types, ready for JSON."""
        return {
            "player": self.player,
            "action": self.action,
            "others": [name for name, _ in self.others],
            "joint": [
                {
                    "actions": [names[a] for a, (_, names) in zip(cell, self.others, strict=True)],
                    "probability": str(chance),
                }
                for cell, chance in self.exact.items()
            ],
            "independent": self.parts is not None,
        }


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class RationalizableResult(AsJson, Tabulated, EqualByContent):
    """The rationalizable actions of a game.

    Attributes
    ----------
    original : NormalFormGame
        The game that was given.
    survivors : tuple of tuple of int
        For each player the indices of the actions proven rationalizable.
    undecided : tuple of tuple of int
        Those that are neither proven rationalizable nor eliminated; empty unless conjectures are
        independent.
    eliminations : tuple of Elimination
        The others, in the order in which they were eliminated.
    conjectures : tuple of Conjecture
        One for each surviving action, in order.
    independent : bool
    complete : bool
        Whether nothing is undecided.
    reason : str
    """

    original: NormalFormGame
    survivors: tuple[tuple[int, ...], ...]
    undecided: tuple[tuple[int, ...], ...]
    eliminations: tuple[Elimination, ...]
    conjectures: tuple[Conjecture, ...]
    independent: bool
    complete: bool
    reason: str
    coverings: Mapping[tuple[int, int], Covering] = field(repr=False)

    @property
    def actions(self) -> tuple[tuple[str, ...], ...]:
        """For each player the names of his rationalizable actions."""
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
        """The game with the actions that were not eliminated, undecided ones among them."""
        left = tuple(
            tuple(sorted((*kept, *open_)))
            for kept, open_ in zip(self.survivors, self.undecided, strict=True)
        )
        return reduced_game(self.original, left)

    def conjecture(self, player: int, action: int) -> Conjecture | None:
        """The conjecture to which an action, given by index, is a best reply; None without one."""
        for found in self.conjectures:
            if (found.player_index, found.action_index) == (player, action):
                return found
        return None

    @property
    def certificate(self) -> Certificate:
        """Evidence that can be re-checked without a solver, written out anew at every call.

        See docs/certificates.md.
        """
        return certificate.write(self)

    def to_frame(self) -> pd.DataFrame:
        """A tidy table: one row per player and action of the original game.

        Returns
        -------
        pandas.DataFrame
            Columns player, action, status ("rationalizable", "eliminated" or "undecided"), round
            (of its elimination, 0 for none), because (the conjecture, or what dominates).

        Examples
        --------
        >>> import balancegame as bg
        >>> game = bg.NormalFormGame.from_arrays([[3, 0], [5, 1]], [[3, 5], [0, 1]])
        >>> bg.rationalizable(game).to_frame()
             player action          status  round because
        0  player 0     a0      eliminated      1      a1
        1  player 0     a1  rationalizable      0    (a1)
        2  player 1     a0      eliminated      1      a1
        3  player 1     a1  rationalizable      0    (a1)
        """
        import pandas as pd  # noqa: PLC0415 (slow to import, needed here only)

        gone = {(one.player, one.action): one for one in self.eliminations}
        why = {(one.player, one.action): str(one) for one in self.conjectures}
        rows: list[dict[str, Any]] = []
        for player, names in zip(self.original.players, self.original.actions, strict=True):
            for name in names:
                key = player, name
                if key in gone:
                    status, at, because = "eliminated", gone[key].round, gone[key].dominator
                else:
                    status = "rationalizable" if key in why else "undecided"
                    at, because = 0, why.get(key, "")
                rows.append(
                    {
                        "player": player,
                        "action": name,
                        "status": status,
                        "round": at,
                        "because": because,
                    }
                )
        return pd.DataFrame(rows)

    def to_dict(self) -> dict[str, Any]:
        """The result in plain types, ready for JSON."""
        return {
            "independent": self.independent,
            "complete": self.complete,
            "reason": self.reason,
            "players": self.original.players,
            "actions": self.original.actions,
            "survivors": self.survivors,
            "undecided": self.undecided,
            "rounds": self.rounds,
            "eliminations": [one.to_dict() for one in self.eliminations],
            "conjectures": [one.to_dict() for one in self.conjectures],
        }

    def _further(self) -> dict[str, Rows]:
        rows = elimination_rows(self.eliminations)
        return {"Eliminations": rows} if self.eliminations else {}

    def _caption(self) -> str:
        title = f" of {self.original.title}" if self.original.title else ""
        kind = "independent" if self.independent else "correlated"
        return f"Rationalizable actions{title} ({kind} conjectures)"

    def _rows(self) -> list[list[str]]:
        left = tuple(
            tuple(sorted((*kept, *open_)))
            for kept, open_ in zip(self.survivors, self.undecided, strict=True)
        )
        rows = survivor_rows(self.original, left)
        if any(self.undecided):
            rows[0].append("of these undecided")
            for row, names, open_ in zip(
                rows[1:], self.original.actions, self.undecided, strict=True
            ):
                row.append(", ".join(names[a] for a in open_) or "-")
        return rows

    def _notes(self) -> list[str]:
        return [f"{'Complete' if self.complete else 'Not known to be complete'}: {self.reason}"]


def _short(chance: Fraction) -> str:
    return str(chance) if chance.denominator < 100 else f"{float(chance):.4g}"
