"""What a sweep measures at each point: built-in measures by name, and functions.

Each built-in measure has one form for many points in compiled code, and one for a single point
whose game a builder gives, or whose game is large; a function has the second only.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from balancegame._checks import check_known, check_names
from balancegame._numbers import shorten
from balancegame.alliances.actions import THREAT_ACTIONS
from balancegame.analysis.sweeps import labels
from balancegame.analysis.sweeps.columns import MISSING, Column, read_value
from balancegame.analysis.sweeps.many_points import ManyGames
from balancegame.analysis.sweeps.point import SweepPoint
from balancegame.errors import (
    InvalidGridError,
    InvalidNameError,
    InvalidTypeError,
    UnknownMeasureError,
)
from balancegame.games.normal_form import NormalFormGame
from balancegame.games.profiles import action_index, profile_entries
from balancegame.games.results import NashResult
from balancegame.solvers.batch import solve_batch
from balancegame.solvers.nash import nash_equilibria
from balancegame.solvers.repeated.critical_discount import critical_discount

AtPoint = Callable[[SweepPoint], Any]
AtMany = Callable[[ManyGames], Column]


@dataclass(frozen=True, slots=True)
class Measure:
    """One variable of the dataset.

    Attributes
    ----------
    name : str
        Of the variable.
    kind : str
        A built-in measure, or "function".
    function : callable or None
    profile : sequence or mapping or None
        Of the critical discount factor.
    """

    name: str
    kind: str
    function: AtPoint | None = None
    profile: Any = None

    def at_point(self, point: SweepPoint) -> Any:
        """Text, a number, or an array of numbers."""
        if self.function is not None:
            return read_value(self.function(point))
        if self.kind == "critical_discount":
            found = critical_discount(point.game, self.profile).value
            return math.nan if found is None else float(found)
        return _AT_POINT[self.kind](point)

    def at_many(self, games: ManyGames) -> Column | None:
        """The same for many points, or None if there is no way."""
        if self.kind == "critical_discount":
            return _critical_discounts(games, self.profile)
        if self.kind in ("equilibria", "kinds") and len(games.source.shape) != 2:
            return None
        return _AT_MANY[self.kind](games) if self.kind in _AT_MANY else None

    def is_compiled(self, players: int) -> bool:
        """Whether `at_many` has an answer for games of so many players."""
        many = self.kind in _AT_MANY or self.kind == "critical_discount"
        return many and (players == 2 or self.kind not in ("equilibria", "kinds"))

    @property
    def dimensions(self) -> tuple[str, ...]:
        """Names of the axes beyond those of the grid."""
        return ("player",) if self.kind == "payoffs" else ()

    @property
    def counts(self) -> bool:
        """Whether the values are whole numbers."""
        return self.kind in ("pure_equilibria", "equilibria")

    @property
    def has_labels(self) -> bool:
        """Whether a built-in measure gives labels."""
        return self.kind in ("region", "camps", "kinds")

    def label_order(self, label: str) -> Any:
        """The order of a legend."""
        return labels.label_order(label)


def _pure_texts(games: ManyGames) -> list[str]:
    """Each profile's name, by flat index."""
    names = _action_names(games)
    return [
        labels.profile_text([own[a] for own, a in zip(names, cell, strict=True)], names)
        for cell in np.ndindex(*games.source.shape)
    ]


def _action_names(games: ManyGames) -> list[tuple[str, ...]]:
    source = games.source
    names = [source.actions] * len(source.shape)
    return [*names[:-1], THREAT_ACTIONS] if source.hegemon == "strategic" else names


def _region(games: ManyGames) -> Column:
    # One word a row is sorted far faster than rows.
    words = games.words if games.words.shape[1] > 1 else games.words[:, 0]
    rows, codes = np.unique(words, axis=0, return_inverse=True)
    rows = rows.reshape(len(rows), -1)
    texts = _pure_texts(games)
    legend = tuple(labels.set_text([texts[c] for c in labels.cells_of(row)]) for row in rows)
    return Column(codes.reshape(-1).astype(np.int32), legend)


def _camps(games: ManyGames) -> Column:
    firsts, codes = np.unique(games.firsts, return_inverse=True)
    names = _action_names(games)
    states = games.source.players[: len(names) - (games.source.hegemon == "strategic")]
    legend = tuple(
        labels.NONE
        if cell < 0
        else labels.camps_text(
            states,
            [
                own[a]
                for own, a in zip(names, np.unravel_index(cell, games.source.shape), strict=True)
            ],
        )
        for cell in firsts.tolist()
    )
    return Column(codes.reshape(-1).astype(np.int32), legend)


def _payoffs(games: ManyGames) -> Column:
    cells = np.maximum(games.firsts, 0)[:, None, None]
    values = np.take_along_axis(games.tables, cells, axis=2)[:, :, 0]
    values[games.firsts < 0] = np.nan
    return Column(values)


def _critical_discounts(games: ManyGames, profile: Any) -> Column:
    """Grim play with each deviator's worst pure equilibrium: max (d - u) / (d - v)."""
    source = games.source
    shape, names = source.shape, _action_names(games)
    entries = profile_entries(profile, source.players)
    chosen = [
        action_index(entry, player, own)  # pyright: ignore[reportArgumentType]
        for entry, player, own in zip(entries, source.players, names, strict=True)
    ]
    cell = np.ravel_multi_index(chosen, shape)
    lowest = np.zeros(len(games.counts))
    stride = math.prod(shape)
    for i, actions in enumerate(shape):
        stride //= actions
        own = cell + (np.arange(actions) - chosen[i]) * stride
        paid = games.tables[:, i, cell]
        gain = games.tables[:, i, own].max(axis=1) - paid
        with np.errstate(divide="ignore", invalid="ignore"):
            alone = gain / (gain + (paid - games.worst[:, i]))
        # No equilibrium, or none below the agreement: nothing deters.
        alone[~(paid > games.worst[:, i])] = np.nan
        lowest = np.maximum(lowest, np.where(gain > 0.0, alone, 0.0))
    return Column(lowest)


def _equilibria(games: ManyGames) -> Column:
    return Column(solve_batch(_tables(games)).counts.astype(np.int64))


def _kinds(games: ManyGames) -> Column:
    found = solve_batch(_tables(games))
    is_pure = (np.isin(found.profiles, (0.0, 1.0))).all(axis=1).astype(np.int64)
    before = np.concatenate([[0], np.cumsum(is_pure)])
    pure = before[found.offsets[1:]] - before[found.offsets[:-1]]
    # In most games the flagged ones are few; the others have isolated equilibria only.
    tables = _tables(games)
    continua = np.zeros(len(pure), np.int64)
    for place in np.flatnonzero(found.flagged):
        continua[place] = _has_continuum(nash_equilibria(NormalFormGame(tables[place])))
    kinds, codes = np.unique(
        np.stack([pure, found.counts - pure, continua], axis=1), axis=0, return_inverse=True
    )
    legend = tuple(kinds_text(*row) for row in kinds.tolist())
    return Column(codes.reshape(-1).astype(np.int32), legend)


def _tables(games: ManyGames) -> Any:
    return games.tables.reshape(len(games.counts), 2, *games.source.shape)


def kinds_text(pure: int, mixed: int, continuum: int) -> str:
    """How many equilibria of which kind there are."""
    parts = [f"{number} {kind}" for number, kind in ((pure, "pure"), (mixed, "mixed")) if number]
    return " + ".join(parts or [labels.NONE]) + (", in continua" if continuum else "")


def _has_continuum(result: NashResult) -> bool:
    return any(
        len(vertices) > 1
        for component in result.components or ()
        for part in component
        for vertices in part
    )


def _kinds_at(point: SweepPoint) -> str:
    result = point.result
    if not result.complete:
        return "not all found"
    pure = sum(found.is_pure for found in result)
    return kinds_text(pure, len(result) - pure, _has_continuum(result))


def _first(point: SweepPoint) -> Any:
    return next(iter(point.pure), None)


def _region_at(point: SweepPoint) -> str:
    actions = point.game.actions
    return labels.set_text(
        [labels.profile_text(found.actions or (), actions) for found in point.pure]
    )


def _camps_at(point: SweepPoint) -> str:
    _, world = point.balancing()
    found = _first(point)
    return labels.NONE if found is None else labels.camps_text(world.states, found.actions)


def _prevailing_at(point: SweepPoint) -> float:
    model, world = point.balancing()
    found = _first(point)
    return math.nan if found is None else model.prevailing(world, found.actions)


def _payoffs_at(point: SweepPoint) -> Any:
    found = _first(point)
    return np.full(point.game.n_players, np.nan) if found is None else np.array(found.payoffs)


def _margin_at(point: SweepPoint) -> float:
    game = point.game
    tables = game.payoffs
    gains, losses = np.zeros(game.shape), np.full(game.shape, np.inf)
    for i, table in enumerate(tables):
        ordered = np.sort(table, axis=i)
        best = np.take(ordered, [-1], axis=i)
        gains = np.maximum(gains, best - table)
        if game.shape[i] > 1:
            losses = np.minimum(losses, table - np.take(ordered, [-2], axis=i))
    return float(np.where(gains > 0.0, gains, losses).min())


_AT_MANY: Mapping[str, AtMany] = {
    "region": _region,
    "camps": _camps,
    "pure_equilibria": lambda games: Column(games.counts),
    "equilibria": _equilibria,
    "kinds": _kinds,
    "payoffs": _payoffs,
    "prevailing": lambda games: Column(games.prevailing),
    "margin": lambda games: Column(games.margins),
}
_AT_POINT: Mapping[str, AtPoint] = {
    "region": _region_at,
    "camps": _camps_at,
    "pure_equilibria": lambda point: len(point.pure),
    "equilibria": lambda point: len(point.result) if point.result.complete else MISSING,
    "kinds": _kinds_at,
    "payoffs": _payoffs_at,
    "prevailing": _prevailing_at,
    "margin": _margin_at,
}
MEASURES = (*_AT_POINT, "critical_discount")
DESCRIPTIONS: Mapping[str, str] = {
    "region": "the set of pure equilibria",
    "camps": "who stands where in the first pure equilibrium",
    "pure_equilibria": "number of pure equilibria",
    "equilibria": "number of equilibria, extreme ones where they form continua; -1: not all found",
    "kinds": "number of pure and of mixed equilibria",
    "payoffs": "payoffs in the first pure equilibrium",
    "prevailing": "the chance that balancing prevails, in the first pure equilibrium",
    "margin": "how far payoffs may move before the set of pure equilibria changes",
    "critical_discount": "critical discount factor of the agreement in grim play; NaN: none",
}


def read_measures(measure: object, profile: object) -> tuple[Measure, ...]:
    """Measures as a user gives them: a name, a function, several, or a mapping of names."""
    if isinstance(measure, Mapping):
        own = check_names(list(measure), "names of measure")
        given = list(zip(own, measure.values(), strict=True))
    elif isinstance(measure, str) or callable(measure):
        given = [(None, measure)]
    elif isinstance(measure, Sequence) and measure:
        given = [(None, one) for one in measure]
    else:
        message = (
            f"measure is {shorten(measure)}; give one of {', '.join(MEASURES)}, a function of a "
            "point, several of them, or a mapping {name: measure}"
        )
        raise InvalidTypeError(message)
    found = tuple(_read_measure(name, one, profile) for name, one in given)
    names = [one.name for one in found]
    for name in names:
        if names.count(name) > 1 or name in ("status", "error", "player"):
            message = f"two variables would be called {name!r}; name measures with a mapping"
            raise InvalidNameError(message)
    return found


def _read_measure(name: object, measure: object, profile: object) -> Measure:
    if isinstance(measure, str):
        kind = check_known(measure, MEASURES, "measure", UnknownMeasureError)
        if kind == "critical_discount" and profile is None:
            message = (
                "critical_discount needs the profile agreed on; give profile=..., for instance "
                '["balance", "balance", "neutral"]'
            )
            raise InvalidGridError(message)
        return Measure(str(name or kind), kind, None, profile)
    if not callable(measure):
        message = f"a measure is {shorten(measure)}; give a name or a function of a point"
        raise InvalidTypeError(message)
    called = getattr(measure, "__name__", "measure")
    return Measure(
        str(name or ("measure" if called == "<lambda>" else called)), "function", measure
    )
