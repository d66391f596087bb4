"""Draw docs/figures/regions.png: python docs/figures/regions.py."""

from __future__ import annotations

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

import balancegame as bg

MODEL = bg.BalancingModel(decisiveness=2)
WORLD = bg.World(["A", "B", "C", "threat"], [3, 2, 1, 4], threat="threat")


def draw(path):
    """The map of three states against a threat, with exact boundaries, and what C gets."""
    grid = {"parallelism": np.linspace(-0.5, 1, 400), "power_ratio": np.linspace(0.2, 3, 500)}
    found = bg.sweep(MODEL, WORLD, grid=grid, measure=["region", "payoffs"])
    exact = bg.regions(bg.symbolic_game(MODEL, WORLD, over=("power_ratio", "parallelism")))
    figure, (left, right) = plt.subplots(
        1, 2, figsize=(12.5, 4.6), layout="constrained", width_ratios=(3, 2)
    )
    bg.plot_regions(found, boundaries=exact, title="Where which equilibria exist", axes=left)
    row = found.sel(parallelism=0.5, method="nearest")
    bg.plot_comparative_statics(row, "payoffs", title="Payoffs at parallelism 1/2", axes=right)
    figure.savefig(path, dpi=160)


if __name__ == "__main__":
    draw(Path(__file__).with_suffix(".png"))
