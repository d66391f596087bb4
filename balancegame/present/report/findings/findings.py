"""Everything a report says, worked out subject by subject; one that fails does not stop others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from balancegame._numbers import Number
from balancegame._progress import report
from balancegame.alliances.balancing import BalancingModel
from balancegame.alliances.used_parameters import Hegemon
from balancegame.analysis.selection_table import SelectionTable
from balancegame.games.normal_form import NormalFormGame
from balancegame.present.report.findings.equilibria import EquilibriaFound, find_equilibria
from balancegame.present.report.findings.lasting import (
    Decline,
    Lasting,
    find_decline,
    find_lasting,
    find_selection,
)
from balancegame.present.report.findings.missing import Missing, found_or_why
from balancegame.present.report.findings.promises import (
    FirstMoves,
    Promises,
    find_first_moves,
    find_promises,
)
from balancegame.present.report.findings.region_maps import (
    Grid,
    RegionMap,
    find_map,
    usual_grids,
)
from balancegame.world.world import World

_TASK = "report"


@dataclass(frozen=True, slots=True)
class Settings:
    """What is asked of the world and the model.

    Attributes
    ----------
    actions : tuple of str
    hegemon : "fixed" or "strategic"
    precision : number
        Of `endurance`.
    points : int
        On each axis of a map.
    maps : tuple of grids, or None
        None for the usual ones.
    max_supports : int
        As for `nash_equilibria`.
    """

    actions: tuple[str, ...]
    hegemon: Hegemon
    precision: Number
    points: int
    maps: tuple[Grid, ...] | None
    max_supports: int


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found out; `Missing` says why something was not.

    Attributes
    ----------
    equilibria : EquilibriaFound or Missing
    maps : tuple of (RegionMap or Missing)
    promises : Promises or Missing
    first_moves : FirstMoves or Missing
    selection : SelectionTable or Missing
    lasting : Lasting or Missing
    decline : Decline or Missing
    """

    equilibria: EquilibriaFound | Missing
    maps: tuple[RegionMap | Missing, ...]
    promises: Promises | Missing
    first_moves: FirstMoves | Missing
    selection: SelectionTable | Missing
    lasting: Lasting | Missing
    decline: Decline | Missing


def find_all(world: World, model: BalancingModel, settings: Settings) -> Findings:
    """Work everything out, telling the listener how far it is."""
    actions, hegemon = settings.actions, settings.hegemon
    game = found_or_why(lambda: model.game(world, actions, hegemon=hegemon))
    if isinstance(game, Missing):
        return Findings(game, (game,), game, game, game, game, game)

    def of_game(compute: Callable[[NormalFormGame], Any]) -> Callable[[], Any]:
        return lambda: compute(game)

    grids = settings.maps
    if grids is None:
        grids = usual_grids(model, world, actions, hegemon, settings.points)
    tasks: dict[str, Callable[[], Any]] = {
        "equilibria": of_game(lambda g: find_equilibria(model, world, g, settings.max_supports)),
        "promises": of_game(lambda g: find_promises(model, world, g, actions, hegemon)),
        "first_moves": of_game(lambda g: find_first_moves(g, actions)),
        "selection": of_game(lambda g: find_selection(g, settings.max_supports)),
        "lasting": of_game(lambda g: find_lasting(g, settings.precision)),
        "decline": lambda: find_decline(model, world, hegemon),
    }
    found: dict[str, Any] = {}
    total = len(tasks) + len(grids)
    for name, compute in tasks.items():
        report(_TASK, len(found), total)
        found[name] = found_or_why(compute)
    maps = _maps(model, world, grids, settings, (len(found), total))
    report(_TASK, total, total)
    return Findings(maps=maps, **found)


def _maps(
    model: BalancingModel,
    world: World,
    grids: Sequence[Grid],
    settings: Settings,
    progress: tuple[int, int],
) -> tuple[RegionMap | Missing, ...]:
    done, total = progress
    maps: list[RegionMap | Missing] = []
    for grid in grids:
        report(_TASK, done + len(maps), total)
        maps.append(
            found_or_why(
                lambda grid=grid: find_map(model, world, grid, settings.actions, settings.hegemon)
            )
        )
    return tuple(maps)
