"""Options that several commands have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click
from click.core import ParameterSource

from balancegame.alliances.actions import ACTIONS
from balancegame.errors import InvalidParameterError

further_words: Any = click.argument("more", nargs=-1, metavar="")
settings_option: Any = click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="PARAMETER[.STATE]=VALUE",
    help="Change a model parameter, for all states or for one; may be repeated, or take several.",
)
actions_option: Any = click.option(
    "--actions",
    multiple=True,
    default=["balance,bandwagon,neutral"],
    show_default=True,
    metavar="A,B,...",
    help=f"What the states may do: some of {', '.join(ACTIONS)}; or all.",
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


def with_further_words(
    more: Sequence[str], settings: Sequence[str], actions: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """All settings and all actions: ``--set a=1 b=2`` and ``--actions balance neutral`` as meant.

    Raises
    ------
    click.UsageError
        A word belongs to neither option, for it was not given.
    InvalidParameterError
        No action is named.
    """
    given = click.get_current_context().get_parameter_source("actions")
    listed = [*actions, *(word for word in more if "=" not in word)]
    for word in more:
        if not settings if "=" in word else given is not ParameterSource.COMMANDLINE:
            message = f"Got unexpected extra argument ({word})"
            raise click.UsageError(message)
    named = tuple(name.strip() for words in listed for name in words.split(",") if name.strip())
    if not named:
        message = f"--actions is blank; give some of {', '.join(ACTIONS)}"
        raise InvalidParameterError(message)
    if "all" in named and set(named) != {"all"}:
        message = f"--actions {','.join(named)}: all stands for every action; name no other"
        raise InvalidParameterError(message)
    chosen = ACTIONS if "all" in named else named
    return (*settings, *(word for word in more if "=" in word)), chosen
