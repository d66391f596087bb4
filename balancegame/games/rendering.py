"""Games and results as plain text and as HTML: one table, two renderings."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from balancegame.games.blockings import Blocking, Blockings
    from balancegame.games.equilibrium import Equilibrium
    from balancegame.games.normal_form import NormalFormGame
    from balancegame.games.results import NashResult

_MOST_SHOWN = 6  # equilibria side by side
_LARGEST_DENOMINATOR = 100  # of probabilities shown as fractions
_MOST_CELLS = 36  # of a two-player game shown in full

Rows = list[list[str]]


def number(value: float) -> str:
    """A number as tables show it: four significant digits, no trailing zeros."""
    return f"{value:.4g}"


def counted(count: int, noun: str) -> str:
    """A count with its noun."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def text_table(rows: Rows, *, indent: str = "") -> str:
    """Left-aligned columns, the first row as the heading."""
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    lines = [
        indent + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    ]
    return "\n".join(line.rstrip() for line in lines)


def html_table(rows: Rows, caption: str) -> str:
    """The same rows as an HTML table, every text escaped."""
    head = "".join(f"<th>{escape(cell)}</th>" for cell in rows[0])
    body = "".join(
        "<tr>"
        + f"<th>{escape(row[0])}</th>"
        + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:])
        + "</tr>"
        for row in rows[1:]
    )
    return (
        f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table>"
    )


def game_text(game: NormalFormGame) -> str:
    """What `print(game)` shows."""
    return f"{_game_caption(game)}\n{text_table(_game_rows(game), indent='  ')}"


def game_html(game: NormalFormGame) -> str:
    """What a notebook shows of a game."""
    return html_table(_game_rows(game), _game_caption(game))


def equilibrium_text(found: Equilibrium) -> str:
    """What `print(equilibrium)` shows."""
    return f"Equilibrium\n{text_table(_equilibria_rows([found]), indent='  ')}"


def equilibria_html(shown: Sequence[Equilibrium], caption: str = "Equilibrium") -> str:
    """Equilibria as an HTML table, one a column."""
    return html_table(_equilibria_rows(shown), caption)


def result_text(result: NashResult) -> str:
    """What `print(result)` shows."""
    lines = [_result_caption(result)]
    if len(result):
        lines.append(text_table(_equilibria_rows(_first(result)), indent="  "))
    lines.extend(f"  {note}" for note in _result_notes(result))
    if result.blocked:
        lines.append(blockings_text(result.blocked))
    return "\n".join(lines)


def result_html(result: NashResult) -> str:
    """What a notebook shows of a result."""
    notes = "".join(f"<p>{escape(note)}</p>" for note in _result_notes(result))
    if result.blocked:
        notes += blockings_html(result.blocked)
    if not len(result):
        return f"<p>{escape(_result_caption(result))}</p>{notes}"
    return equilibria_html(_first(result), _result_caption(result)) + notes


def blockings_text(blocked: Blockings) -> str:
    """What `print(result.blocked)` shows."""
    if not len(blocked):
        return _blockings_caption(blocked)
    lines = [_blockings_caption(blocked), text_table(_blockings_rows(blocked), indent="  ")]
    if len(blocked) > _MOST_SHOWN:
        lines.append(f"  ... and {len(blocked) - _MOST_SHOWN} more; blocked.to_frame() lists all")
    return "\n".join(lines)


def blockings_html(blocked: Blockings) -> str:
    """What a notebook shows of them."""
    if not len(blocked):
        return f"<p>{_blockings_caption(blocked)}</p>"
    return html_table(_blockings_rows(blocked), _blockings_caption(blocked))


def _blockings_caption(blocked: Blockings) -> str:
    count = len(blocked)
    if count == 1:
        return "1 pure equilibrium is blocked"
    return f"{count:,} pure equilibria are blocked" if count else "No pure equilibrium is blocked"


def _blockings_rows(blocked: Blockings) -> Rows:
    rows = [["equilibrium", "coalition", "joint move", "gains"]]
    rows.extend(
        [
            ", ".join(one.equilibrium.actions or ()),
            ", ".join(one.coalition),
            _move_text(one),
            ", ".join(map(number, one.gains)),
        ]
        for one in islice(blocked, _MOST_SHOWN)
    )
    return rows


def _move_text(one: Blocking) -> str:
    if one.move is not None:
        return ", ".join(one.move)
    return " or ".join(
        f"{chance if chance.denominator < _LARGEST_DENOMINATOR else number(float(chance))}"
        f" ({', '.join(move)})"
        for move, chance in one.lottery
    )


def _first(result: NashResult) -> list[Equilibrium]:
    return list(islice(result, _MOST_SHOWN))


def _result_caption(result: NashResult) -> str:
    count = len(result)
    title = f" of {result.game.title}" if result.game.title else ""
    kind = f"pure {result.kind}" if result.pure_only else result.kind
    if result.parameters.get("tol"):
        kind = f"approximate {kind}"
    word = "equilibrium" if count <= 1 else "equilibria"
    return f"{count or 'No'} {kind} {word}{title} ({result.method})"


def _result_notes(result: NashResult) -> list[str]:
    complete = "Complete for pure equilibria" if result.pure_only else "Complete"
    notes = [f"{complete if result.complete else 'Not known to be complete'}: {result.reason}"]
    if len(result) > _MOST_SHOWN:
        notes.insert(0, f"... and {len(result) - _MOST_SHOWN} more; to_frame() lists them all")
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


def _equilibria_rows(shown: Sequence[Equilibrium]) -> Rows:
    rows = [["", *(f"[{k}]" for k in range(len(shown)))]]
    for i, player in enumerate(shown[0].players):
        rows.append([player, *(_part_text(found, i) for found in shown)])
    rows.append(["margin", *(number(found.margin) for found in shown)])
    if any(found.index is not None for found in shown) and not all(f.is_pure for f in shown):
        rows.append(["index", *("-" if f.index is None else f"{f.index:+d}" for f in shown)])
    return rows


def _part_text(found: Equilibrium, player: int) -> str:
    names = found.action_names[player]
    support = found.support[player]
    if len(support) == 1:
        played = names[support[0]]
    else:
        played = " + ".join(f"{probability_text(found, player, a)} {names[a]}" for a in support)
    return f"{played} ({number(found.payoffs[player])})"


def probability_text(found: Equilibrium, player: int, action: int) -> str:
    """A probability: as a fraction where that is short, else with four digits."""
    if found.exact is not None and found.exact[player][action].denominator < _LARGEST_DENOMINATOR:
        return str(found.exact[player][action])
    return number(float(found.profile[player][action]))


def _game_caption(game: NormalFormGame) -> str:
    title = f" {game.title!r}" if game.title else ""
    sizes = " x ".join(map(str, game.shape))
    players, profiles = counted(game.n_players, "player"), counted(game.n_profiles, "profile")
    return f"NormalFormGame{title}: {players}, {sizes} = {profiles}"


def _game_rows(game: NormalFormGame) -> Rows:
    if game.n_players == 2 and game.n_profiles <= _MOST_CELLS:
        rows = [["", *game.actions[1]]]
        for a, name in enumerate(game.actions[0]):
            cells = [
                ", ".join(number(value) for value in game.payoffs[:, a, b])
                for b in range(game.shape[1])
            ]
            rows.append([name, *cells])
        return rows
    return [["player", "actions"], *([p, ", ".join(a)] for p, a in _named(game))]


def _named(game: NormalFormGame) -> list[tuple[str, tuple[str, ...]]]:
    return list(zip(game.players, game.actions, strict=True))
