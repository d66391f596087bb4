"""Draw docs/figures/landscape.png: python docs/figures/landscape.py."""

from __future__ import annotations

from pathlib import Path

import matplotlib.pyplot as plt

import balancegame as bg

POWERS = {
    "Britain": "7.45",
    "France": "5.32",
    "Germany": "11.49",
    "Italy": "4.03",
    "USSR": "15.01",
}


def draw(path):
    """Five powers that are all rivals: four stable alignments."""
    figure, axes = plt.subplots(figsize=(7, 3.2), layout="constrained")
    game = bg.AlignmentGame(POWERS, -1, title="Europe, 1936: all are rivals of all")
    bg.plot_landscape(bg.alignments(game), axes=axes)
    figure.savefig(path, dpi=110)


if __name__ == "__main__":
    draw(Path(__file__).with_suffix(".png"))
