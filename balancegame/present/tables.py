"""The tables of the command line: a world, a model, and its equilibria as camps."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from balancegame._numbers import format_number
from balancegame.alliances.balancing import BalancingModel, parameter_domains
from balancegame.alliances.camps import Camps
from balancegame.games.equilibrium import Equilibrium
from balancegame.games.rendering import number, probability_text
from balancegame.games.results import NashResult
from balancegame.present.console import make_table
from balancegame.world.polarity import polarity
from balancegame.world.scenario_file import ScenarioFile
from balancegame.world.world import World

_MOST_IN_FULL = 6
MOST_LISTED = 50
ACTION_WORDS = {
    "balance": "balance",
    "arm": "balance and arm",
    "undermine": "balance and undermine",
    "bandwagon": "bandwagon",
    "neutral": "pass the buck",
}

_GROUPS = (("balance", "arm", "undermine"), ("bandwagon",), ("neutral",))


def scenarios_table(console: Console, scenarios: Sequence[ScenarioFile]) -> Table:
    """The bundled scenarios, one a row."""
    table = make_table(console, "Scenarios")
    for heading in ("Name", "Title", "Threat", "States", "Power"):
        table.add_column(heading)
    for one in scenarios:
        table.add_row(
            one.name,
            one.world.title,
            one.world.threat or "-",
            str(len(one.world.names)),
            one.world.power_measure or "-",
        )
    return table


def world_table(console: Console, world: World) -> RenderableType:
    """States with power and share, their interests with the threat, and the polarity."""
    exposed = bool((world.exposure != 1.0).any())
    table = make_table(console, world.title or "World")
    table.add_column("State")
    for heading in ("Power", "Share"):
        table.add_column(heading, justify="right")
    if world.threat is not None:
        table.add_column(f"Interests with {world.threat}", justify="right")
    if exposed:
        table.add_column("Exposure", justify="right")
    table.add_column("")
    for i, name in enumerate(world.names):
        is_threat = name == world.threat
        cells = [name, amount_text(world.power[i]), f"{world.shares[i]:.1%}"]
        if world.threat is not None:
            column = world.names.index(world.threat)
            cells.append("" if is_threat else f"{world.parallelism[i, column]:+.2f}")
        if exposed:
            cells.append("" if is_threat else number(world.exposure[i]))
        table.add_row(*cells, "the threat" if is_threat else "")
    found = polarity(world)
    leaders = ", ".join(found.leaders) or "none"
    lines = [
        f"Polarity: {found.kind} (poles: {leaders}); concentration "
        f"{found.concentration:.2f}, {found.effective_poles:.1f} effective poles"
    ]
    if world.power_measure:
        lines.insert(0, f"Power: {world.power_measure}")
    return Group(table, Text("\n".join(lines), style="dim"))


def parallelism_table(console: Console, world: World) -> RenderableType:
    """The whole matrix of parallel interests."""
    table = make_table(console)
    table.add_column("")
    for place in range(len(world.names)):
        table.add_column(str(place + 1), justify="right")
    for i, name in enumerate(world.names):
        table.add_row(f"{i + 1} {name}", *(f"{value:+.2f}" for value in world.parallelism[i]))
    title = "Parallel interests (1 identical, 0 unrelated, -1 opposed)"
    return Group(Text(title, style="bold"), table)


def sources_text(scenario: ScenarioFile) -> RenderableType:
    """Where the numbers come from, and what other measures of power the file holds."""
    lines = [f"- {source}" for source in scenario.world.sources]
    body: list[RenderableType] = [Text("Sources", style="bold"), Text("\n".join(lines) or "- none")]
    if len(scenario.power_measures) > 1:
        names = "\n".join(f"- {key}: {measure}" for key, measure in scenario.power_measures.items())
        body += [Text("\nMeasures of power (choose with --power)", style="bold"), Text(names)]
    return Group(*body)


def model_table(
    console: Console,
    model: BalancingModel,
    origins: Mapping[str, str],
    used: Sequence[str],
) -> RenderableType:
    """Parameters that enter the game, with their values and where these come from."""
    table = make_table(console, "Model")
    for heading in ("Parameter", "", "Value", "From", "Meaning"):
        table.add_column(heading, justify="right" if heading == "Value" else "left")
    domains = parameter_domains()
    for name in used:
        value = model.parameters()[name]
        by_state = isinstance(value, Mapping)
        table.add_row(
            name,
            domains[name].symbol,
            "by state" if by_state else _value_text(value),
            origins.get(name, "default"),
            domains[name].meaning,
        )
        for state, one in value.items() if by_state else ():
            table.add_row(f"  {state}", "", _value_text(one), "", "")
    idle = [name for name in domains if name not in used]
    if not idle:
        return table
    return Group(table, Text(f"Without effect here: {', '.join(idle)}", style="dim"))


def equilibria_tables(
    console: Console, result: NashResult, camps: Sequence[Camps | None]
) -> Iterator[RenderableType]:
    """Every equilibrium as camps, and the first few with what each state would lose.

    `camps` holds None for a mixed equilibrium.
    """
    count = len(result)
    kind = "equilibrium" if count <= 1 else "equilibria"
    if result.pure_only:
        kind = f"pure {kind}"
    yield Text(f"{count or 'No'} {kind}", style="bold")
    if count > 1:
        yield _overview(console, result, camps)
        yield ""
    for place, (found, sides) in enumerate(zip(result[:_MOST_IN_FULL], camps, strict=False)):
        yield _equilibrium_block(console, f"Equilibrium {place + 1}", found, sides)
    if count > _MOST_IN_FULL:
        yield Text(
            f"The first {_MOST_IN_FULL} of {count} are shown in full; --json writes them all.\n"
        )
    yield Text(f"{'Complete' if result.complete else 'About this list'}: {result.reason}.")


def _overview(
    console: Console, result: NashResult, camps: Sequence[Camps | None]
) -> RenderableType:
    table = make_table(console)
    table.add_column("#", justify="right")
    for heading in ("Balance", "Bandwagon", "Pass the buck"):
        table.add_column(heading)
    for heading in ("pi", "Margin"):
        table.add_column(heading, justify="right")
    for place, (found, sides) in enumerate(zip(result[:MOST_LISTED], camps, strict=False)):
        if sides is None:
            parts = [_mixing(found, group) for group in _GROUPS]
            table.add_row(str(place + 1), *parts, "mixed", number(found.margin))
            continue
        played = dict(zip(found.players, found.actions or (), strict=True))
        table.add_row(
            str(place + 1),
            _listed(sides.balancing, played),
            _listed(sides.bandwagoning),
            _listed(sides.neutral),
            _pi_text(sides),
            number(states_margin(found, sides)),
        )
    notes = ["Margin: the least any state would lose by deviating; 0 is a tie."]
    if any(sides is None for sides in camps):
        notes.append("Mixed equilibria: each state's probability of the action.")
    if not all(sides is None or sides.contested for sides in camps):
        notes.append("pi in parentheses: the threat does not expand and there is no contest.")
    if len(result) > MOST_LISTED:
        notes.append(f"The first {MOST_LISTED} of {len(result)} are listed.")
    return Group(table, Text("\n".join(notes), style="dim"))


def _equilibrium_block(
    console: Console, title: str, found: Equilibrium, sides: Camps | None
) -> RenderableType:
    if sides is None:
        return _mixed_block(console, title, found)
    lines = Text(f"{title}\n", style="bold")
    for label, members in (
        ("Balance", sides.balancing),
        (f"Bandwagon with {sides.threat}", sides.bandwagoning),
        ("Pass the buck", sides.neutral),
    ):
        lines.append(f"  {label}: ")
        lines.append(f"{_listed(members)}\n", style="not bold")
    lines.append(f"  {_contest_text(sides)}\n", style="not bold")
    table = make_table(console)
    table.add_column("State")
    table.add_column("Action")
    table.add_column("Payoff", justify="right")
    table.add_column("Best deviation")
    table.add_column("Would lose", justify="right")
    for player, action, payoff, best in zip(
        found.players, found.actions or (), found.payoffs, found.deviations, strict=True
    ):
        table.add_row(
            player,
            ACTION_WORDS.get(action, action),
            f"{payoff:.4f}",
            "-" if best is None else ACTION_WORDS.get(best.action, best.action),
            "-" if best is None else f"{best.loss:.4f}",
        )
    margin = states_margin(found, sides)
    apart = "" if sides.threat not in found.players else f" among the states, {sides.threat} apart"
    note = Text(f"Margin{apart} {number(margin)}: {_margin_text(margin)}\n", style="dim")
    return Group(lines, table, note)


def _mixed_block(console: Console, title: str, found: Equilibrium) -> RenderableType:
    table = make_table(console)
    table.add_column("State")
    table.add_column("Action")
    for heading in ("Probability", "Payoff"):
        table.add_column(heading, justify="right")
    for i, (player, names) in enumerate(zip(found.players, found.action_names, strict=True)):
        for turn, a in enumerate(found.support[i]):
            table.add_row(
                player if turn == 0 else "",
                ACTION_WORDS.get(names[a], names[a]),
                probability_text(found, i, a),
                f"{found.payoffs[i]:.4f}" if turn == 0 else "",
            )
    note = f"Margin {number(found.margin)}: {_mixed_margin_text(found.margin)}\n"
    return Group(Text(f"{title}, mixed", style="bold"), table, Text(note, style="dim"))


def _mixed_margin_text(margin: float) -> str:
    if math.isinf(margin):
        return "every action is played"
    if margin > 0.0:
        return "the least any state would lose by an action it does not play"
    return "some action that is not played pays as much"


def _mixing(found: Equilibrium, group: Sequence[str]) -> str:
    """Who plays some of these actions, with the probability where it is not certain."""
    listed: list[str] = []
    for player, names, part in zip(found.players, found.action_names, found.profile, strict=True):
        chance = sum(float(part[a]) for a, name in enumerate(names) if name in group)
        if chance > 0.0:
            listed.append(player if chance == 1.0 else f"{player} ({number(chance)})")
    return ", ".join(listed) or "nobody"


def _contest_text(sides: Camps) -> str:
    powers = f"camp powers {amount_text(sides.our_power)} to {amount_text(sides.their_power)}"
    if not sides.contested:
        return (
            f"{sides.threat} does not expand; if it did, balancing would prevail with "
            f"pi = {sides.prevailing:.2f} ({powers})"
        )
    if not sides.balancing:
        return f"Nobody resists {sides.threat}: pi = {sides.prevailing:.2f}"
    return f"Balancing prevails with pi = {sides.prevailing:.2f} ({powers})"


def states_margin(found: Equilibrium, sides: Camps) -> float:
    """The margin without the threat, whose waiting ties with what it then does by construction."""
    losses = [
        best.loss for best in found.deviations if best is not None and best.player != sides.threat
    ]
    return min(losses, default=math.inf)


def _margin_text(margin: float) -> str:
    if math.isinf(margin):
        return "no state has another action"
    if margin > 0.0:
        return "the least any state would lose by deviating; each strictly prefers its action"
    return "some state has an equally good action; the equilibrium is not strict"


def _pi_text(sides: Camps) -> str:
    return f"{sides.prevailing:.2f}" if sides.contested else f"({sides.prevailing:.2f})"


def _listed(names: Sequence[str], played: Mapping[str, str] | None = None) -> str:
    """Names with commas; those who arm or undermine are marked."""
    marks = {"arm": " (arms)", "undermine": " (undermines)"}
    played = played or {}
    return ", ".join(name + marks.get(played.get(name, ""), "") for name in names) or "nobody"


def amount_text(value: float) -> str:
    """An amount of power, of any size."""
    return f"{value:,.0f}" if value >= 1000 else f"{value:.4g}"


def _value_text(value: object) -> str:
    return format_number(value) if isinstance(value, float) else str(value)
