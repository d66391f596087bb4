"""What states and a strategic threat may do in the balancing model."""

from __future__ import annotations

from collections.abc import Sequence

from balancegame._checks import check_known, check_names
from balancegame.errors import UnknownActionError

ACTIONS = ("balance", "bandwagon", "neutral", "arm", "undermine")
"""What a state may do; arm and undermine are balancing with more effort."""

THREAT_ACTIONS = ("expand", "restrain", "opportunist")
"""What a strategic threat may do."""


def read_actions(actions: Sequence[str]) -> tuple[str, ...]:
    """Actions as a user lists them: known, each once."""
    names = check_names(actions, "actions")
    for name in names:
        check_known(name, ACTIONS, "action", UnknownActionError)
    return names
