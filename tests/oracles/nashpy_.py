"""nashpy, an independent solver: the one place that knows its interface."""

from __future__ import annotations

import warnings

import nashpy
import numpy as np

import balancegame as bg


def equilibria(game: bg.NormalFormGame) -> list[np.ndarray]:
    """What support enumeration finds, each as both players' probabilities in one vector.

    It can miss equilibria: its predicates compare floats with ==.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = nashpy.Game(*game.payoffs).support_enumeration()
        return [np.concatenate(profile) for profile in found]
