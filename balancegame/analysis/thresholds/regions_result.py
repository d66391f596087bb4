"""What `regions` returns: for every profile the condition under which it is an equilibrium."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, final, overload

import numpy as np
import sympy as sp
from numpy.typing import ArrayLike, NDArray

from balancegame._numbers import Number
from balancegame._progress import report
from balancegame._words import counted
from balancegame.analysis.thresholds.clauses import Clause
from balancegame.analysis.thresholds.curves import BoundaryCurve, curves_of
from balancegame.analysis.thresholds.equilibrium_conditions import Gains
from balancegame.analysis.thresholds.mixed_supports import MixedRegion
from balancegame.analysis.thresholds.signs import Facts
from balancegame.analysis.thresholds.threshold import solved
from balancegame.analysis.thresholds.threshold_result import Threshold
from balancegame.analysis.thresholds.writing import text
from balancegame.errors import InvalidParameterError
from balancegame.games.as_json import AsJson
from balancegame.games.expressions import find_symbol
from balancegame.games.narrow_text import wrapped
from balancegame.games.numpy_function import NumpyFunction, read_arrays
from balancegame.games.symbolic_game import SymbolicGame
from balancegame.games.tabulated import Tabulated

Mask = NDArray[np.bool_]
Names = tuple[str, ...]

_POINTS_AT_ONCE = 1 << 16
_LONGEST = 160


@final
@dataclass(frozen=True, slots=True, repr=False)
class Region:
    """Where one profile, or all that are the same up to relabelling, is an equilibrium.

    Attributes
    ----------
    profiles : tuple of profiles
        All of the group, each a tuple of action names; `profile` is the first.
    threshold : Threshold
        The condition for `profile`; the others' are equivalent.
    gains : list of tuples of expressions
        What each move from `profile` gains its members: an equilibrium unless all gain.
    clauses : list of tuples of inequalities
        `condition` in conjunctive form.
    """

    game: SymbolicGame
    kind: str
    profiles: tuple[Names, ...]
    threshold: Threshold
    gains: Gains
    clauses: list[Clause]

    @property
    def profile(self) -> Names:
        """The first profile of the group."""
        return self.profiles[0]

    @property
    def condition(self) -> Any:
        """The exact condition, as a sympy condition."""
        return self.threshold.condition

    def holds(self, values: Mapping[Any, Number]) -> bool:
        """Whether the profile is an equilibrium at given parameters, decided exactly."""
        return self.threshold.holds(values)

    def solve(self, variable: Any) -> Threshold:
        """The condition solved for a parameter; see `threshold`."""
        game, facts = self.game, Facts.from_conditions(self.game.domain)
        return solved(
            self.threshold.claim, self.clauses, variable, facts,
            game.domain, game.symbols, game.notation,
        )  # fmt: skip

    def curves(self, x: Any, y: Any) -> tuple[BoundaryCurve, ...]:
        """The region's boundary in the plane of two parameters, the only ones of the game.

        Raises
        ------
        UnknownParameterError
        InvalidParameterError
            The region depends on a third parameter; `SymbolicGame.fix` fixes one.
        """
        symbols = self.game.symbols
        plane = find_symbol(x, symbols), find_symbol(y, symbols)
        others = sorted(one.name for one in self.condition.free_symbols - set(plane))
        if others:
            message = (
                f"the region of {', '.join(self.profile)} depends on {', '.join(others)} too; fix "
                "them: regions(game.fix({...}))"
            )
            raise InvalidParameterError(message)
        facts = Facts.from_conditions(self.game.domain)
        found = curves_of(self.profile, self.clauses, plane, facts, self.game.domain)
        return tuple(found)

    def __repr__(self) -> str:
        more = len(self.profiles) - 1
        also = f" (and {more} more by relabelling)" if more else ""
        return wrapped(f"{', '.join(self.profile)}{also}: {text(self.condition)}")


@final
@dataclass(frozen=True, slots=True, repr=False)
class Regions(AsJson, Tabulated, Sequence[Region]):
    """The regions of all profiles of a game, in the order of profiles.

    Attributes
    ----------
    game : SymbolicGame
    kind : str
        "nash", "strict" or "strong".
    regions : tuple of Region
    mixed : tuple of MixedRegion or None
        Of 2 x 2 and 2 x 3 games, the equilibria in which both players mix; None for others. One
        that mixes against a pure action needs a tie, and lies on a boundary.
    """

    game: SymbolicGame
    kind: str
    regions: tuple[Region, ...]
    mixed: tuple[MixedRegion, ...] | None

    @overload
    def __getitem__(self, index: int) -> Region: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Region, ...]: ...
    def __getitem__(self, index: int | slice) -> Region | tuple[Region, ...]:
        return self.regions[index]

    def __len__(self) -> int:
        return len(self.regions)

    def __iter__(self) -> Iterator[Region]:
        return iter(self.regions)

    @property
    def profiles(self) -> tuple[Names, ...]:
        """All profiles, in lexicographic order by action index."""
        listed = {name: one for one in self.regions for name in one.profiles}
        return tuple(
            sorted(
                listed,
                key=lambda names: [
                    known.index(one) for known, one in zip(self.game.actions, names, strict=True)
                ],
            )
        )

    def of(self, profile: Any) -> Region:
        """The region of a profile."""
        cell = self.game.profile(profile)
        names = tuple(known[a] for known, a in zip(self.game.actions, cell, strict=True))
        for one in self.regions:
            if names in one.profiles:
                return one
        message = f"{', '.join(names)} is none of the profiles that regions were asked for"
        raise InvalidParameterError(message)

    def at(self, values: Mapping[Any, Number]) -> tuple[Names, ...]:
        """The profiles that are equilibria at given parameters, decided exactly."""
        good = {name for one in self.regions if one.holds(values) for name in one.profiles}
        return tuple(name for name in self.profiles if name in good)

    def label(
        self, values: Mapping[Any, ArrayLike] | None = None, /, **named: ArrayLike
    ) -> dict[Names, Mask]:
        """Where each profile is an equilibrium, on a grid.

        Parameters
        ----------
        values : mapping {name or symbol: array}, or keywords
            Arrays that broadcast together, one for each parameter.

        Returns
        -------
        dict {profile: array of bool}
            Payoffs are compared in floats, so that points nearer to a boundary than rounding may
            fall on its other side. Outside the domain nothing is said: see `feasible`.
        """
        given = read_arrays(values, named, list(self.game.symbols))
        shape = np.broadcast_shapes(*(one.shape for one in given.values()))
        flat = {name: np.broadcast_to(one, shape).ravel() for name, one in given.items()}
        count = int(np.prod(shape))
        masks = np.empty((len(self.regions), count), dtype=np.bool_)
        listed = tuple(dict.fromkeys(g for one in self.regions for m in one.gains for g in m))
        function = NumpyFunction(listed, list(self.game.symbols.values()))
        for first in range(0, count, _POINTS_AT_ONCE):
            end = min(first + _POINTS_AT_ONCE, count)
            block = {name: one[first:end] for name, one in flat.items()}
            found = dict(zip(listed, function(block), strict=True))
            for k, one in enumerate(self.regions):
                masks[k, first:end] = _stands(one.gains, found, strict=self.kind == "strict")
            report("region labels", end, count)
        by_name = {
            name: masks[k].reshape(shape)
            for k, one in enumerate(self.regions)
            for name in one.profiles
        }
        return {name: by_name[name] for name in self.profiles}

    def feasible(
        self, values: Mapping[Any, ArrayLike] | None = None, /, **named: ArrayLike
    ) -> Mask:
        """Where on a grid the domain's conditions hold."""
        condition = sp.And(*self.game.domain)
        symbols = list(self.game.symbols.values())
        given = read_arrays(values, named, list(self.game.symbols))
        inside = NumpyFunction(condition, symbols)(given)
        for symbol in symbols:
            if symbol.name in given:
                value = given[symbol.name]
                if symbol.is_positive:
                    inside = inside & (value > 0)
                elif symbol.is_nonnegative:
                    inside = inside & (value >= 0)
        return np.asarray(inside, dtype=np.bool_)

    def curves(self, x: Any, y: Any) -> tuple[BoundaryCurve, ...]:
        """The boundaries of all regions in the plane of two parameters; see `Region.curves`."""
        return tuple(curve for one in self.regions for curve in one.curves(x, y))

    def to_dict(self) -> dict[str, Any]:
        """Everything in plain types, formulas as text."""
        return {
            "kind": self.kind,
            "regions": [
                {"profiles": [list(one) for one in region.profiles]} | region.threshold.to_dict()
                for region in self.regions
            ],
            "mixed": None
            if self.mixed is None
            else [
                {
                    "support": [list(one) for one in region.support],
                    "profile": [[str(one) for one in part] for part in region.profile],
                }
                | region.threshold.to_dict()
                for region in self.mixed
            ],
        }

    def _notes(self) -> list[str]:
        if not self.regions or not self.regions[0].threshold.assumptions:
            return []
        return [f"domain: {', '.join(self.regions[0].threshold.assumptions)}"]

    def _rows(self) -> list[list[str]]:
        rows = [["profile", "alike", "equilibrium iff"]]
        for one in self.regions:
            rows.append([
                ", ".join(one.profile), str(len(one.profiles)), _shortened(text(one.condition))
            ])  # fmt: skip
        for one in self.mixed or ():
            names = "; ".join(" + ".join(part) for part in one.support)
            rows.append([names, "mixed", _shortened(text(one.condition))])
        return rows

    def _caption(self) -> str:
        title = f" of {self.game.title}" if self.game.title else ""
        kind = {"nash": "Nash"}.get(self.kind, self.kind)
        return f"{counted(len(self.profiles), 'profile')}{title}: when each is a {kind} equilibrium"


def _stands(gains: Gains, found: Mapping[Any, Any], *, strict: bool) -> Mask:
    """Of each move at least one member does not gain (loses, if strict)."""
    stands: Any = True
    for members in gains:
        one: Any = False
        for gain in members:
            one = one | (found[gain] < 0 if strict else found[gain] <= 0)
        stands = stands & one
    return stands


def _shortened(written: str) -> str:
    if len(written) <= _LONGEST:
        return written
    return f"{written[:_LONGEST]}... ({len(written):,} characters)"
