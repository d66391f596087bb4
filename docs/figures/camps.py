"""Draw docs/figures/camps.png: python docs/figures/camps.py."""

from __future__ import annotations

from pathlib import Path

import matplotlib.pyplot as plt

import balancegame as bg

WORLD, MODEL = bg.load_scenario("europe-1938"), bg.load_model("europe-1938")


def draw(path):
    """The camps of the one pure equilibrium of Europe in 1938."""
    figure, axes = plt.subplots(figsize=(7, 4.2), layout="constrained")
    found = bg.pure_nash(MODEL.game(WORLD))
    bg.plot_camps(WORLD, MODEL.camps(WORLD, found[0]), axes=axes)
    figure.savefig(path, dpi=110)


if __name__ == "__main__":
    draw(Path(__file__).with_suffix(".png"))
