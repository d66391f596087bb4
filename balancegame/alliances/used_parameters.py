"""Which of a model's parameters can make a difference in a game."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from balancegame.alliances.balancing import BalancingModel, parameter_domains

Hegemon = Literal["fixed", "strategic"]


def used_parameters(
    model: BalancingModel, actions: Sequence[str], hegemon: Hegemon
) -> tuple[str, ...]:
    """The parameters that can make a difference in this game."""
    balances = bool({"balance", "arm", "undermine"} & set(actions))
    contested = balances or model.contest == "logistic"
    needs = {
        "domination_loss": balances or "neutral" in actions,
        "affinity": balances or "bandwagon" in actions,
        "cohesion": contested,
        "contest": contested,
        "retaliation": balances,
        "retribution": "bandwagon" in actions,
        "autonomy_loss": "bandwagon" in actions,
        "balancing_spoils": balances,
        "bandwagon_spoils": "bandwagon" in actions,
        "affinity_exponent": model.has_affinity,
        "alliance_cost": balances,
        "arming_cost": "arm" in actions,
        "arming_gain": "arm" in actions,
        "undermining_cost": "undermine" in actions,
        "undermining_effect": "undermine" in actions,
        "neutral_exposure": "neutral" in actions,
        "decisiveness": balances and model.contest == "ratio",
        "steepness": model.contest == "logistic",
        "deference": hegemon == "strategic" and "bandwagon" in actions,
        "prize": hegemon == "strategic",
        "defeat_loss": hegemon == "strategic",
        "expansion_cost": hegemon == "strategic",
    }
    return tuple(name for name in parameter_domains() if needs.get(name, True))
