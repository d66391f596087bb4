"""What a report is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date as Date

from balancegame.alliances.balancing import BalancingModel
from balancegame.present.report.findings.findings import Settings
from balancegame.world.world import World


@dataclass(frozen=True, slots=True)
class Subject:
    """A world, a model, and what was asked of them.

    Attributes
    ----------
    world : World
    model : BalancingModel
    settings : Settings
    origins : tuple of (parameter, text)
        Where values come from.
    name : str
        What the world is called where it was loaded from; may be empty.
    notes : tuple of str
        Warnings that came up.
    version : str
        Of balancegame.
    date : datetime.date
    """

    world: World
    model: BalancingModel
    settings: Settings
    origins: tuple[tuple[str, str], ...]
    name: str
    notes: tuple[str, ...]
    version: str
    date: Date

    @property
    def title(self) -> str:
        """What the world is called, or the file it came from, or just that."""
        return self.world.title or self.name or "a world"
