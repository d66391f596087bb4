"""Models, grids and functions shared by the tests of sweeps; other processes import them too."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import numpy as np

import balancegame as bg

MODEL = bg.BalancingModel(decisiveness=2)
GRID = {"power_ratio": np.linspace(0.2, 4, 8), "parallelism": np.linspace(-1, 1, 9)}
MEASURES = ["region", "camps", "pure_equilibria", "payoffs", "prevailing", "margin"]


def golden() -> bg.World:
    return bg.load_scenario("golden-3")


def welfare(point):
    return max((float(found.payoffs.sum()) for found in point.pure), default=None)


def fails_at_one(point):
    if point.values["power_ratio"] == 1.0:
        message = "not here"
        raise ZeroDivisionError(message)
    return "high" if point.values["power_ratio"] > 1 else "low"


def stag_hunt(stag, hare):
    return bg.NormalFormGame.from_arrays(
        [[stag, 0], [hare, hare]], [[stag, hare], [0, hare]], actions=["stag", "hare"]
    )


class Slowly:
    """Takes its time, and once, if told where to leave a trace, ends its process."""

    __name__ = "slowly"

    def __init__(self, seconds: float, trace: Path | None = None, at: int = 0) -> None:
        self.seconds, self.trace, self.at = seconds, trace, at

    def __call__(self, point):
        time.sleep(self.seconds)
        value = float(point.values["power_ratio"])
        if self.trace is not None and round(value * 100) == self.at and not self.trace.exists():
            self.trace.write_text("killed")
            os.kill(os.getpid(), signal.SIGKILL)
        return value
