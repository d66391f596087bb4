"""Lists of equilibria as plain text and as HTML."""

from __future__ import annotations

from html import escape
from itertools import islice
from typing import TYPE_CHECKING

from balancegame._words import counted
from balancegame.games.blockings_rendering import blockings_html, blockings_text
from balancegame.games.narrow_text import captioned_table, wrapped
from balancegame.games.rendering import equilibria_html, equilibria_rows

if TYPE_CHECKING:
    from balancegame.games.equilibrium import Equilibrium
    from balancegame.games.results import NashResult

_MOST_SHOWN = 6  # equilibria side by side


def result_text(result: NashResult) -> str:
    """What `print(result)` shows."""
    if len(result):
        lines = [captioned_table(caption_of(result), equilibria_rows(_first(result)))]
    else:
        lines = [wrapped(caption_of(result))]
    lines.extend(wrapped(note, indent="  ") for note in _notes(result))
    if result.blocked:
        lines.append(blockings_text(result.blocked))
    return "\n".join(lines)


def result_html(result: NashResult) -> str:
    """What a notebook shows of a result."""
    notes = "".join(f"<p>{escape(note)}</p>" for note in _notes(result))
    if result.blocked:
        notes += blockings_html(result.blocked)
    if not len(result):
        return f"<p>{escape(caption_of(result))}</p>{notes}"
    return equilibria_html(_first(result), caption_of(result)) + notes


def _first(result: NashResult) -> list[Equilibrium]:
    return list(islice(result, _MOST_SHOWN))


def caption_of(result: NashResult) -> str:
    """What is found, of which game, and how."""
    count = len(result)
    title = f" of {result.game.title}" if result.game.title else ""
    kind = f"pure {result.kind}" if result.pure_only else result.kind
    if result.parameters.get("tol"):
        kind = f"approximate {kind}"
    number_of = counted(count, f"{kind} equilibrium") if count else f"No {kind} equilibrium"
    return f"{number_of}{title} ({result.method})"


def _notes(result: NashResult) -> list[str]:
    complete = "Complete for pure equilibria" if result.pure_only else "Complete"
    notes = [f"{complete if result.complete else 'Not known to be complete'}: {result.reason}"]
    if len(result) > _MOST_SHOWN:
        notes.insert(0, f"... and {len(result) - _MOST_SHOWN:,} more; to_frame() lists them all")
    if result.components is not None and len(result.components) < len(result):
        notes.append(_components_note(result))
    return notes


def _components_note(result: NashResult) -> str:
    """What is more than points: the continua whose extreme points are listed."""
    members: dict[int, list[int]] = {}
    for place, component in enumerate(result.membership or ()):
        members.setdefault(component, []).append(place)
    continua = [places for places in members.values() if len(places) > 1]
    note = f"{counted(len(members), 'component')}, of which {len(continua)} more than a point"
    if len(result) <= _MOST_SHOWN:
        note += f" ({'; '.join(', '.join(f'[{p}]' for p in places) for places in continua)})"
    return f"{note}: `components` gives the vertices whose mixtures are equilibria too"
