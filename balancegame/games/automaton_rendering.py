"""Automata as text, as HTML, and as graphs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from balancegame._words import counted
from balancegame.games.narrow_text import captioned_table
from balancegame.games.rendering import Rows, html_table
from balancegame.games.situation import Situation

if TYPE_CHECKING:
    from balancegame.games.automaton import Automaton

_MOST_ROWS = 40


@dataclass(frozen=True, slots=True)
class Edge:
    """What leads from one state to another.

    Attributes
    ----------
    source, target : str
    deviators : tuple of str
        Who, deviating alone, brings it about; empty where all play their part.
    contingencies : tuple of str
        In which contingencies; empty where that is all of them.
    """

    source: str
    target: str
    deviators: tuple[str, ...]
    contingencies: tuple[str, ...]

    @property
    def label(self) -> str:
        """The edge in words: contingencies, then deviators."""
        parts = (", ".join(self.contingencies), ", ".join(self.deviators))
        return ": ".join(part for part in parts if part)


def edges(automaton: Automaton) -> tuple[Edge, ...]:
    """The edges of obedience, then those of single deviators, for each state in order."""
    found: dict[tuple[int, int, tuple[str, ...]], list[str]] = {}
    for s, row in enumerate(automaton.situations):
        for contingency, situation in zip(automaton.contingencies, row, strict=True):
            found.setdefault((s, situation.follow, ()), []).append(contingency.name)
        for contingency, situation in zip(automaton.contingencies, row, strict=True):
            for target, deviators in _led_away(automaton, situation).items():
                found.setdefault((s, target, deviators), []).append(contingency.name)
    names, every = automaton.states, len(automaton.contingencies)
    return tuple(
        Edge(names[s], names[t], deviators, () if len(when) == every else tuple(when))
        for (s, t, deviators), when in found.items()
    )


def _led_away(automaton: Automaton, situation: Situation) -> dict[int, tuple[str, ...]]:
    """The states that single deviators lead to, other than the one that follows anyway."""
    found: dict[int, list[str]] = {}
    for player, row in zip(automaton.players, situation.alone, strict=True):
        for target in dict.fromkeys(row):
            if target != situation.follow:
                found.setdefault(target, []).append(player)
    return {target: tuple(players) for target, players in found.items()}


def dot(automaton: Automaton) -> str:
    """The graph in the DOT language: solid edges of obedience, dashed ones of deviators."""
    lines = ["digraph {", "  node [shape=box, style=rounded];", "  start [shape=point];"]
    numbers = {name: f"s{place}" for place, name in enumerate(automaton.states)}
    lines += [
        f"  {numbers[name]} [label={_quoted(node_label(automaton, s))}];"
        for s, name in enumerate(automaton.states)
    ]
    lines.append(f"  start -> {numbers[automaton.initial]};")
    for edge in edges(automaton):
        style = ", style=dashed" if edge.deviators else ""
        lines.append(
            f"  {numbers[edge.source]} -> {numbers[edge.target]} "
            f"[label={_quoted(edge.label)}{style}];"
        )
    return "\n".join([*lines, "}"])


def node_label(automaton: Automaton, state: int) -> str:
    """A state's name, and what it plays, unless that is its name."""
    return "\n".join(dict.fromkeys((automaton.states[state], _played(automaton, state))))


def _quoted(text: str) -> str:
    written = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{written}"'


def _played(automaton: Automaton, state: int) -> str:
    """What a state plays: one line, or one for each contingency where these differ."""
    lines = [_profile(automaton, state, w) for w, _ in enumerate(automaton.contingencies)]
    if len(set(lines)) == 1:
        return lines[0]
    return "\n".join(
        f"{one.name}: {line}" for one, line in zip(automaton.contingencies, lines, strict=True)
    )


def _profile(automaton: Automaton, state: int, contingency: int) -> str:
    stage = automaton.contingencies[contingency].stage
    cell = automaton.situations[state][contingency].profile
    return ", ".join(names[a] for names, a in zip(stage.actions, cell, strict=True))


def text(automaton: Automaton) -> str:
    """What `print(automaton)` shows: the diagram as a table."""
    rows, left_out = _rows(automaton)
    shown = captioned_table(_caption(automaton), rows)
    return f"{shown}\n  ... and {counted(left_out, 'row')} more" if left_out else shown


def html(automaton: Automaton) -> str:
    """What a notebook shows."""
    rows, left_out = _rows(automaton)
    more = f"<p>... and {counted(left_out, 'row')} more</p>" if left_out else ""
    return html_table(rows, _caption(automaton)) + more


def _caption(automaton: Automaton) -> str:
    title = automaton.title or "Automaton"
    return f"{title} of {counted(len(automaton.states), 'state')}, starting in {automaton.initial}"


def _rows(automaton: Automaton) -> tuple[Rows, int]:
    alike = len(automaton.contingencies) == 1
    rows: Rows = []
    for s, state in enumerate(automaton.states):
        for w, contingency in enumerate(automaton.contingencies):
            situation = automaton.situations[s][w]
            middle = [] if alike else [contingency.name]
            rows.append(
                [
                    state if w == 0 else "",
                    *middle,
                    _profile(automaton, s, w),
                    _then(automaton, s, w, situation),
                ]
            )
    heading = ["state", *([] if alike else ["contingency"]), "plays", "then"]
    return [heading, *rows[:_MOST_ROWS]], max(0, len(rows) - _MOST_ROWS)


def _then(automaton: Automaton, state: int, contingency: int, situation: Situation) -> str:
    names, stage = automaton.states, automaton.contingencies[contingency].stage
    parts = ["stays" if situation.follow == state else f"-> {names[situation.follow]}"]
    led = _led_away(automaton, situation)
    free = tuple(player for player, m in zip(stage.players, stage.shape, strict=True) if m > 1)
    everyone = len(led) == 1 and _all_deviations_lead_away(situation)
    for target, deviators in led.items():
        who = "a deviation" if everyone and deviators == free else ", ".join(deviators)
        parts.append(f"{who} -> {names[target]}")
    if not isinstance(situation.several, int):
        if sum(m > 1 for m in stage.shape) > 1:
            parts.append("several: by table")
    elif situation.several != state and len(free) > 1 and not everyone:
        parts.append(f"several -> {names[situation.several]}")
    return "; ".join(parts)


def _all_deviations_lead_away(situation: Situation) -> bool:
    return all(
        target != situation.follow
        for row, due in zip(situation.alone, situation.profile, strict=True)
        for a, target in enumerate(row)
        if a != due
    )
