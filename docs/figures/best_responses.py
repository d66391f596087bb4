"""Draw docs/figures/best_responses.png: python docs/figures/best_responses.py."""

from __future__ import annotations

from pathlib import Path

import matplotlib.pyplot as plt

import balancegame as bg


def draw(path):
    """The table of two states who may balance, bandwagon, pass the buck or arm."""
    world = bg.World(["A", "B", "threat"], [2, 1, 2], threat="threat")
    game = bg.BalancingModel(decisiveness=2).game(world, ("balance", "bandwagon", "neutral", "arm"))
    figure, axes = plt.subplots(figsize=(6.4, 4.2), layout="constrained")
    bg.plot_best_responses(game, title="Two states against a threat", axes=axes)
    figure.savefig(path, dpi=110)


if __name__ == "__main__":
    draw(Path(__file__).with_suffix(".png"))
