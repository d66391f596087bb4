"""Yes, no, or neither with the reason why."""

from __future__ import annotations

from typing import NamedTuple


class Verdict(NamedTuple):
    """An answer about one equilibrium.

    Attributes
    ----------
    holds : bool or None
        None where the notion does not apply, or is not decided.
    reason : str
        Why it is None; may be empty otherwise.
    """

    holds: bool | None
    reason: str = ""


YES, NO = Verdict(holds=True), Verdict(holds=False)
