"""Everything that is known of a solved scenario, in plain types."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from balancegame.alliances.balancing import BalancingModel
from balancegame.alliances.camps import Camps
from balancegame.games.equilibrium import Equilibrium
from balancegame.games.results import NashResult
from balancegame.present import tables
from balancegame.world.polarity import polarity
from balancegame.world.scenario_file import ScenarioFile
from balancegame.world.world import World


def solution_report(
    scenario: ScenarioFile, model: BalancingModel, origins: Mapping[str, str], result: NashResult
) -> dict[str, Any]:
    """Everything `solve` knows, in plain types; the schema is in docs/command-line.md."""
    world, found = scenario.world, polarity(scenario.world)
    equilibria: list[dict[str, Any]] = []
    for one in result:
        camps = camps_of_states(model, world, one)
        if camps is None:
            equilibria.append(one.to_dict() | {"camps": None})
            continue
        equilibria.append(
            one.to_dict()
            | {
                "camps": {
                    "balancing": camps.balancing,
                    "bandwagoning": camps.bandwagoning,
                    "neutral": camps.neutral,
                },
                "prevailing": camps.prevailing,
                "our_power": camps.our_power,
                "their_power": camps.their_power,
                "contested": camps.contested,
                "states_margin": _finite(tables.states_margin(one, camps)),
            }
        )
    return {
        "scenario": scenario.name,
        "world": {
            "title": world.title,
            "names": world.names,
            "power": world.power.tolist(),
            "power_measure": world.power_measure,
            "parallelism": world.parallelism.tolist(),
            "exposure": world.exposure.tolist(),
            "threat": world.threat,
            "sources": world.sources,
            "polarity": {
                "kind": found.kind,
                "leaders": found.leaders,
                "concentration": found.concentration,
                "effective_poles": found.effective_poles,
            },
        },
        "model": {
            name: {"value": value, "from": origins.get(name, "default")}
            for name, value in model.to_dict().items()
        },
        **result.to_dict(),
        "equilibria": equilibria,
    }


def camps_of_states(model: BalancingModel, world: World, found: Equilibrium) -> Camps | None:
    """The camps of a pure equilibrium; None where states mix."""
    return None if found.actions is None else model.camps(world, found.actions)


def _finite(value: float) -> float | None:
    """A number as JSON can hold it."""
    return value if math.isfinite(value) else None
