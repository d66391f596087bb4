"""Automata that answer deviations: grim trigger, stick and carrot, and simple penal codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import numpy as np

from balancegame._checks import check_count, check_known, is_sized
from balancegame._numbers import shorten
from balancegame._words import listed
from balancegame.errors import (
    InvalidParameterError,
    InvalidShapeError,
    InvalidTypeError,
    TableTooLargeError,
    UnknownPlayerError,
)
from balancegame.games.automaton import Automaton
from balancegame.games.automaton_input import contingent_profiles
from balancegame.games.normal_form import NormalFormGame
from balancegame.games.profiles import Profile
from balancegame.games.repeated_game import Contingency, RepeatedGame
from balancegame.games.situation import Cell, Situation
from balancegame.solvers.repeated.stage_punishments import worst_equilibria

_MOST_STATES = 20_000  # of an automaton, built in half a second

Stage = NormalFormGame | Sequence[Contingency]
Contingent = Profile | Mapping[str, Profile]
"""One profile for all contingencies, or ``{contingency: profile}``."""


def grim(
    stage: Stage,
    profile: Contingent,
    punishment: Contingent | Mapping[str, Contingent] | str = "nash",
) -> Automaton:
    """Grim trigger: play a profile until somebody deviates, and punish for ever after.

    Parameters
    ----------
    stage : NormalFormGame or sequence of Contingency
    profile : profile or mapping {contingency: profile}
    punishment : "nash", profile, or mapping {player: profile}
        What is played for ever after a deviation: ``"nash"``, the deviator's worst pure
        equilibrium of each stage; or one profile for all; or one a deviator. Each of these may be
        given by contingency.

    Returns
    -------
    Automaton
        Several who deviate at once are punished if there is one punishment for all, and otherwise
        not.

    Raises
    ------
    InvalidParameterError
        ``"nash"``, and a stage has no pure equilibrium.
    InvalidShapeError, UnknownPlayerError, UnknownActionError, UnknownContingencyError

    Notes
    -----
    Friedman (1971). Sustained by equilibria of the stage, it is subgame perfect for all discount
    factors from some value on, if for any: see `critical_discount`.

    Examples
    --------
    >>> import balancegame as bg
    >>> dilemma = bg.NormalFormGame.from_arrays(
    ...     [[2, 0], [3, 1]], [[2, 3], [0, 1]],
    ...     players=["A", "B"], actions=["help", "withhold"],
    ... )
    >>> bg.grim(dilemma, ["help", "help"])
    Grim trigger of 2 states, starting in agreed
      state   plays               then
      agreed  help, help          stays; a deviation -> punish
      punish  withhold, withhold  stays
    """
    repeated = RepeatedGame(stage, 0)
    agreed = contingent_profiles(repeated.contingencies, profile)
    punishments = punishments_for_ever(repeated, punishment)
    different = list(dict.fromkeys(punishments))
    if len(different) == 1:
        names = ["punish"]
    else:
        names = [
            "punish " + " or ".join(_who(repeated.players, punishments, one)) for one in different
        ]
    targets = [1 + different.index(one) for one in punishments]
    several = 1 if len(different) == 1 else 0
    rows = {"agreed": [
        _situation(repeated.stages[w], cell, 0, targets, several) for w, cell in enumerate(agreed)
    ]}  # fmt: skip
    for place, (name, cells) in enumerate(zip(names, different, strict=True), start=1):
        rows[name] = [
            _situation(repeated.stages[w], cell, place, [place] * repeated.n_players, place)
            for w, cell in enumerate(cells)
        ]
    return Automaton.from_situations(repeated.contingencies, rows, title="Grim trigger")


def _who(players: Sequence[str], punishments: Sequence[Any], one: object) -> list[str]:
    return [name for name, own in zip(players, punishments, strict=True) if own == one]


def punishments_for_ever(
    repeated: RepeatedGame, punishment: Contingent | Mapping[str, Contingent] | str
) -> list[tuple[Cell, ...]]:
    """For each deviator one profile a contingency, as `grim` reads its punishment."""
    if isinstance(punishment, str):
        if punishment != "nash":
            message = (
                f"punishment is {punishment!r}; give 'nash', a profile, or one profile a deviator"
            )
            raise InvalidParameterError(message)
        found = worst_equilibria(repeated)
        if isinstance(found, str):
            message = (
                f"punishment is 'nash', but the stage game of contingency {found!r} has no pure "
                "equilibrium; give the profile to be played after a deviation"
            )
            raise InvalidParameterError(message)
        return [one.profiles for one in found]
    if _is_by_player(punishment, repeated):
        return _by_player(repeated, cast("Mapping[str, Contingent]", punishment), "punishment")
    cells = contingent_profiles(repeated.contingencies, cast("Contingent", punishment))
    return [cells] * repeated.n_players


def _is_by_player(given: object, repeated: RepeatedGame) -> bool:
    """Whether a mapping gives each player a profile, rather than each his action."""
    return (
        isinstance(given, Mapping)
        and any(name in given for name in repeated.players)
        and not any(isinstance(entry, str | int | np.integer) for entry in given.values())
        and not any(one.name in given for one in repeated.contingencies)
    )


def _by_player(
    repeated: RepeatedGame, given: Mapping[str, Contingent], argument: str
) -> list[tuple[Cell, ...]]:
    for name in given:
        check_known(name, repeated.players, f"player in {argument}", UnknownPlayerError)
    missing = [name for name in repeated.players if name not in given]
    if missing:
        message = f"{argument} has no profile for {listed(missing)}; give one a deviator"
        raise InvalidShapeError(message)
    return [
        contingent_profiles(repeated.contingencies, given[name], f"{argument}[{name!r}]")
        for name in repeated.players
    ]


def stick_and_carrot(
    stage: Stage, carrot: Contingent, stick: Contingent, *, periods: int = 1
) -> Automaton:
    """Stick and carrot: after any deviation some periods of punishment, then back to the reward.

    Parameters
    ----------
    stage : NormalFormGame or sequence of Contingency
    carrot, stick : profile or mapping {contingency: profile}
        Played as long as nobody deviates, and after a deviation.
    periods : int
        How many periods the stick lasts, below 20,000; deviations meanwhile start it anew.

    Returns
    -------
    Automaton

    Raises
    ------
    TableTooLargeError
        More periods: the automaton has a state for each.

    Notes
    -----
    Abreu (1986): the stick may be worse for everybody than any equilibrium of the stage, for the
    carrot rewards those who carry it out.

    Examples
    --------
    >>> import balancegame as bg
    >>> cartel = bg.NormalFormGame.from_arrays(
    ...     [[3, 0, -4], [4, 1, -4], [-4, -4, -6]], [[3, 4, -4], [0, 1, -4], [-4, -4, -6]],
    ...     actions=["restrain", "compete", "flood"],
    ... )
    >>> bg.stick_and_carrot(cartel, ["restrain"] * 2, ["flood"] * 2)
    Stick and carrot of 2 states, starting in carrot
      state   plays               then
      carrot  restrain, restrain  stays; a deviation -> stick
      stick   flood, flood        -> carrot; a deviation -> stick
    """
    repeated = RepeatedGame(stage, 0)
    n_sticks = check_count(periods, "periods", 1)
    if n_sticks >= _MOST_STATES:
        message = (
            f"periods is {shorten(n_sticks)}: the automaton would have a state a period, but at "
            f"most {_MOST_STATES:,} are built; use fewer periods, or grim, which never forgives"
        )
        raise TableTooLargeError(message)
    rewards = contingent_profiles(repeated.contingencies, carrot, "carrot")
    sticks = contingent_profiles(repeated.contingencies, stick, "stick")
    rows: dict[str, list[Situation]] = {}
    for place in range(n_sticks + 1):
        name = "carrot" if place == 0 else "stick" if n_sticks == 1 else f"stick {place}"
        follow = (place + 1) % (n_sticks + 1) if place else 0
        rows[name] = [
            _situation(repeated.stages[w], cell, follow, [1] * repeated.n_players, 1)
            for w, cell in enumerate(sticks if place else rewards)
        ]
    return Automaton.from_situations(repeated.contingencies, rows, title="Stick and carrot")


def penal_code(
    stage: Stage,
    path: Contingent | Sequence[Contingent],
    punishments: Mapping[str, Sequence[Contingent]],
    *,
    resume: bool = False,
) -> Automaton:
    """A simple strategy profile: a path, and for each player one that punishes his deviations.

    Parameters
    ----------
    stage : NormalFormGame or sequence of Contingency
    path : sequence of profiles, or mapping {contingency: profile}
        Played from the start, the last for ever. A mapping stands for a path of one.
    punishments : mapping {player: sequence of profiles}
        For each player what is played from the period after he, alone, deviated; from the path, or
        from any punishment, his own included. The last is played for ever.
    resume : bool
        Return to the last profile of the path after the last of a punishment instead.

    Returns
    -------
    Automaton
        Several who deviate at once are not punished.

    Notes
    -----
    Abreu (1988): whatever some pure subgame-perfect equilibrium achieves, one of this kind does.
    With `resume`, one period and a punishment that the others like, the penance of Farrell and
    Maskin (1989).

    Examples
    --------
    >>> import balancegame as bg
    >>> dilemma = bg.NormalFormGame.from_arrays(
    ...     [[2, 0], [3, 1]], [[2, 3], [0, 1]],
    ...     players=["A", "B"], actions=["help", "withhold"],
    ... )
    >>> penance = {"A": [("help", "withhold")], "B": [("withhold", "help")]}
    >>> bg.penal_code(dilemma, [("help", "help")], penance, resume=True)
    Penal code of 3 states, starting in path
      state     plays           then
      path      help, help      stays; A -> punish A; B -> punish B
      punish A  help, withhold  -> path; A -> punish A; B -> punish B
      punish B  withhold, help  -> path; A -> punish A; B -> punish B
    """
    repeated = RepeatedGame(stage, 0)
    main = _path(repeated, path, "path")
    for name in punishments:
        check_known(name, repeated.players, "player in punishments", UnknownPlayerError)
    missing = [name for name in repeated.players if name not in punishments]
    if missing:
        message = f"punishments has no path for {listed(missing)}; give one a player"
        raise InvalidShapeError(message)
    codes = [
        _path(repeated, punishments[name], f"punishments[{name!r}]") for name in repeated.players
    ]
    starts: list[int] = [0]
    for one in (main, *codes):
        starts.append(starts[-1] + len(one))
    rows: dict[str, list[Situation]] = {}
    names = ["path", *(f"punish {name}" for name in repeated.players)]
    for name, cells, start, end in zip(names, (main, *codes), starts[:-1], starts[1:], strict=True):
        for place in range(start, end):
            label = name if end == start + 1 else f"{name} {place - start + 1}"
            last = len(main) - 1 if resume else place
            follow = place + 1 if place + 1 < end else last
            rows[label] = [
                _situation(stage_game, cell, follow, starts[1:-1], place)
                for stage_game, cell in zip(repeated.stages, cells[place - start], strict=True)
            ]
    return Automaton.from_situations(repeated.contingencies, rows, title="Penal code")


def _path(
    repeated: RepeatedGame, given: Contingent | Sequence[Contingent], argument: str
) -> list[tuple[Cell, ...]]:
    if isinstance(given, Mapping):
        return [contingent_profiles(repeated.contingencies, given, argument)]
    if isinstance(given, str) or not is_sized(given) or len(given) == 0:
        message = f"{argument} is {shorten(given)}; give a sequence of profiles, at least one"
        raise InvalidTypeError(message)
    if all(isinstance(one, str | int | np.integer) for one in given):
        message = (
            f"{argument} is {shorten(given)}, one profile; give a sequence of profiles: "
            f"[{shorten(given)}]"
        )
        raise InvalidTypeError(message)
    return [
        contingent_profiles(repeated.contingencies, cast("Contingent", one), f"{argument}[{place}]")
        for place, one in enumerate(given)
    ]


def _situation(
    stage: NormalFormGame, cell: Cell, follow: int, targets: Sequence[int], several: int
) -> Situation:
    """A situation in which player i's deviation, whichever it is, leads to ``targets[i]``."""
    alone = tuple(
        tuple(follow if a == cell[i] else target for a in range(m))
        for i, (m, target) in enumerate(zip(stage.shape, targets, strict=True))
    )
    return Situation(cell, follow, alone, several)
