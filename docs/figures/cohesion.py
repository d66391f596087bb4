"""Draw docs/figures/cohesion.png: python docs/figures/cohesion.py."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

import balancegame as bg

PARALLELISM = [Fraction(k, 40) for k in range(-20, 41)]


def allies(n):
    """Allies who help each other (proposition 9)."""
    return lambda a: (bg.ally_game(n, benefit=2, cost=1, parallelism=a), ["help"] * n)


def balancers(n, threat, cost):
    """Equal states of power 1 who balance against a threat (the contest game)."""

    def build(a):
        interests = np.full((n + 1, n + 1), float(a))
        interests[n] = interests[:, n] = 0.0
        np.fill_diagonal(interests, 1.0)
        names = [*(f"state {i + 1}" for i in range(n)), "threat"]
        world = bg.World(names, [1] * n + [threat], interests, threat="threat")
        model = bg.BalancingModel(cohesion=1, decisiveness=2, alliance_cost=cost)
        return model.game(world, actions=("balance", "neutral")), ["balance"] * n

    return build


def collective_security(n):
    """All n states oblige themselves to help whoever is attacked (proposition 10)."""
    return bg.collective_security(attack=[Fraction(1, n)] * n, loss=10, cost=1)


def alliance(n):
    """Two of n states oblige themselves to help each other."""
    world = collective_security(n)
    attacked = {one.name: one.name.removeprefix("attack on ") for one in world.contingencies}
    members = world.members[:2]
    return bg.defensive_treaty(
        members, world.contingencies, attacked, "help", default="withhold", breach=world.breach
    )


def draw(path):
    """Three panels: allies, balancers, systems."""
    figure, (left, middle, right) = plt.subplots(
        1, 3, figsize=(11.5, 3.8), sharey=True, layout="constrained"
    )
    name = "parallelism"
    bg.plot_critical_discounts(
        {
            f"{n} allies": bg.critical_discounts(allies(n), PARALLELISM, parameter=name)
            for n in (2, 3, 5)
        },
        title="Allies who help",
        axes=left,
    )
    bg.plot_critical_discounts(
        {
            label: bg.critical_discounts(balancers(4, *case), PARALLELISM[20:], parameter=name)
            for label, case in {
                "threat of 4, cost .1": (4, 0.1),
                "threat of 3, cost .15": (3, 0.15),
                "threat of 1, cost .08": (1, 0.08),
            }.items()
        },
        title="Four who balance",
        axes=middle,
    )
    sizes = range(2, 10)
    bg.plot_critical_discounts(
        {
            label: bg.critical_discounts(build, sizes, parameter="states in the system")
            for label, build in {
                "collective security": collective_security,
                "alliance of two": alliance,
            }.items()
        },
        title="Who is obliged",
        axes=right,
    )
    for panel in (middle, right):
        panel.set_ylabel("")
    figure.savefig(path, dpi=150)
    plt.close(figure)


if __name__ == "__main__":
    draw(Path(__file__).with_suffix(".png"))
