"""Options that several commands have."""

from __future__ import annotations

from typing import Any

import click

from balancegame.alliances.actions import ACTIONS

ACTIONS_HELP = f"What the states may do: some of {', '.join(ACTIONS)}; or all."

settings_option: Any = click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="PARAMETER[.STATE]=VALUE",
    help="Change a model parameter, for all states or for one; may be repeated.",
)
actions_option: Any = click.option(
    "--actions",
    default="balance,bandwagon,neutral",
    show_default=True,
    metavar="A,B,...",
    help=ACTIONS_HELP,
)
power_option: Any = click.option(
    "--power", metavar="MEASURE", help="Which of the file's measures of power."
)
hegemon_option: Any = click.option(
    "--hegemon",
    type=click.Choice(["fixed", "strategic"]),
    default="fixed",
    show_default=True,
    help="Whether the threat chooses too (expand, restrain, opportunist).",
)
