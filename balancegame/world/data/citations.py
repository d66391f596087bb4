"""How the sources of a world made from data are written down."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from balancegame.world.data.table import SOURCE

if TYPE_CHECKING:
    import pandas as pd

CAPABILITIES = (
    "Correlates of War National Material Capabilities; Singer, Bremer & Stuckey (1972), "
    "Capability Distribution, Uncertainty, and Major Power War, 1820-1965; Singer (1987), "
    "International Interactions 14"
)
ATOP = (
    "Alliance Treaty Obligations and Provisions, treaties in force on any day of the year; Leeds, "
    "Ritter, Mitchell & Long (2002), International Interactions 28"
)
MEMBERSHIP = "Correlates of War Project (2017), State System Membership List"
MAJOR_POWERS = "Correlates of War Project (2017), Major Powers"
CONTIGUITY = (
    "Correlates of War Direct Contiguity; Stinnett, Tir, Schafer, Diehl & Gochman (2002), "
    "Conflict Management and Peace Science 19"
)
RIVALRIES = (
    "strategic rivalries; Thompson, Sakuwa & Suhas (2021), Analyzing Strategic Rivalries in World "
    "Politics"
)


def source_line(what: str, citation: str, year: int, frame: pd.DataFrame) -> str:
    """What a number is, where it comes from, and the file it was read from."""
    return f"{what}: {citation}; {year}, read from {_file(frame)}"


def _file(frame: pd.DataFrame) -> str:
    read: dict[str, Any] = frame.attrs.get(SOURCE, {})
    name = re.sub(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]", "?", str(read.get("name", "a DataFrame")))
    digest = str(read.get("sha256", ""))
    return f"{name} (SHA-256 {digest})" if digest else name
