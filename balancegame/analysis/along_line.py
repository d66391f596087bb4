"""What a user's function makes of one value of a parameter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from balancegame._numbers import shorten
from balancegame.analysis.sweeps.blocks import shorten_text
from balancegame.errors import MeasureError


def built(build: Callable[[Any], Any], value: Any, parameter: str) -> Any:
    """What `build` gives for a value; what it raises is told with the value, as `sweep` does.

    Raises
    ------
    MeasureError
    """
    try:
        return build(value)
    except Exception as error:
        said = shorten_text(f"{type(error).__name__}: {error}")
        message = f"at {parameter}={shorten(value)}: build raised {said}"
        raise MeasureError(message, {parameter: value}) from error
