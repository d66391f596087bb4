"""Draw docs/figures/equilibria.png: python docs/figures/equilibria.py."""

from __future__ import annotations

from pathlib import Path

import balancegame as bg

ACTIONS = ("balance", "bandwagon", "neutral", "arm", "undermine")


def draw(path):
    """All three equilibria of the golden game."""
    model, world = bg.BalancingModel(decisiveness=2), bg.load_scenario("golden-3")
    axes = bg.plot_equilibria(bg.nash_equilibria(model.game(world, ACTIONS)))
    axes.figure.savefig(path, dpi=110)


if __name__ == "__main__":
    draw(Path(__file__).with_suffix(".png"))
