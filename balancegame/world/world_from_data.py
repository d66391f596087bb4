"""A world of a year, from the data sets the field publishes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from balancegame._checks import check_count, check_known
from balancegame._numbers import Number
from balancegame.errors import MissingDataError, UnknownNameError, UnknownStateError
from balancegame.world.data import citations
from balancegame.world.data.capabilities import MEASURES
from balancegame.world.data.exposure_of_year import read_exposures
from balancegame.world.data.interests_of_year import read_interests
from balancegame.world.data.major_powers import major_powers as powers_in
from balancegame.world.data.major_powers import read_major_powers
from balancegame.world.data.states import resolve_state
from balancegame.world.data.year_data import YearData, codes_by_name
from balancegame.world.world import World
from balancegame.world.world_input import PerState

if TYPE_CHECKING:
    import pandas as pd

    Source = str | Path | pd.DataFrame


def world_from_data(
    year: int,
    states: Sequence[str | int] | str,
    *,
    capabilities: Source | None = None,
    alliances: Source | None = None,
    threat: str | int | None = None,
    power: str | PerState = "cinc",
    measure: str | None = "kappa",
    weights: str | Mapping[int, Number] | None = None,
    system: str | Sequence[str | int] = "world",
    ranks: Mapping[str, float] | None = None,
    exposure: str | PerState | None = None,
    exposure_levels: Mapping[int, float] | None = None,
    membership: Source | None = None,
    major_powers: Source | None = None,
    contiguity: Source | None = None,
    rivalries: Source | None = None,
    title: str | None = None,
) -> World:
    """The world of a year, from data sets given as paths or DataFrames.

    Parameters
    ----------
    year : int
    states : sequence of names or Correlates of War codes, or "major powers"
        The states of the world, in order, the threat among them; names as for `state_code`.
        "major powers" takes all of the year, and needs the data set `major_powers`.
    capabilities, alliances, membership, major_powers, contiguity, rivalries : path or DataFrame
        As for `read_capabilities`, `read_atop`, `read_system_membership`, `read_major_powers`,
        `read_contiguity`, `read_rivalries`. Each is needed only where something is taken from it;
        `membership`, where given, is what tells which states there were.
    threat : name or code, optional
        One of `states`.
    power : str, or one number a state
        "cinc" (as published), "milex", "milper", "irst", "pec", "tpop" or "upop".
    measure : "kappa", "s", "pi", "tau_b" or None
        How parallel interests are measured on alliance portfolios. A matrix of pi scores that is
        not positive semidefinite is replaced by the nearest correlation matrix, and `sources`
        says how far that moved it. None: no common interests.
    weights : str or mapping {code: number}, optional
        What the states of the system count by in the portfolios: a measure of power, or numbers;
        default equally.
    system : "world", "europe", or sequence of names or codes
        The states the portfolios run over: all of the year (those with a row of capabilities, or
        the members where `membership` is given), those of Europe among them (codes 200 to 399,
        and Turkey), or those listed.
    ranks : mapping, optional
        As for `alliance_portfolios`.
    exposure : "contiguity", "rivalry", or one number a state, optional
        What multiplies a state's loss under domination, by its contiguity to the threat or by a
        strategic rivalry with it in the year; default 1.
    exposure_levels : mapping, optional
        The exposure for each type of contiguity (default 1 for a border, 0.75 for water, 0.5 for
        0, which stands for none) or for rivalry (default 1 for 1, and 0.5 for 0, none). The
        defaults are conventions, not measurements.
    title : str, optional

    Returns
    -------
    World
        Its `sources` name each data set with its citation, the file and the SHA-256 of the file.

    Raises
    ------
    MissingDataError
        A data set that is needed is not given, or has nothing for a state in that year.
    UnknownStateError
        No such state in that year, or a state that is not in the system.
    DataFormatError
        A file is not what it should be; the message names line and column.
    InvalidPowerError
        A state has no power by that measure (0 soldiers, say).

    Notes
    -----
    A world holds what the data say of a year: ATOP counts treaties in force on any day of it, so
    that in years when wars break out the alliances made after the outbreak are among them.

    Examples
    --------
    >>> import balancegame as bg, pandas as pd
    >>> power = pd.DataFrame({"ccode": [200, 220, 255], "year": 1900, "milex": [5, 4, 6],
    ...     "milper": 1, "irst": 1, "pec": 1, "tpop": 1, "upop": 1})
    >>> treaties = pd.DataFrame({"ccode1": [200, 220], "ccode2": [220, 200], "year": 1900,
    ...     "defense": [1, 1], "offense": 0, "neutral": 0, "nonagg": 0, "consul": 0})
    >>> world = bg.world_from_data(
    ...     1900, ["Britain", "France", "Germany"], threat="Germany",
    ...     capabilities=power, power="milex", alliances=treaties, measure="s",
    ... )
    >>> world.power, world.parallelism[0].round(4)
    (array([5., 4., 6.]), array([ 1.,  1., -1.]))
    """
    at = check_count(year, "year", 0)
    codes, sources = _read_states(states, at, major_powers)
    names = tuple(codes)
    data = YearData(at, capabilities, membership)
    data.check_members(codes)
    values, power_measure = _read_power(power, codes, data, sources)
    named_threat = None if threat is None else _read_threat(threat, codes, at)
    parallelism = None
    if measure is not None:
        parallelism = read_interests(
            measure, alliances, ranks, weights, system, codes, data, sources
        )
    exposures = read_exposures(
        exposure, exposure_levels, codes, named_threat, at, contiguity, rivalries, sources
    )
    return World(
        names,
        values,
        parallelism,
        threat=named_threat,
        exposure=exposures,
        title=f"States of {at}" if title is None else title,
        sources=sources,
        power_measure=power_measure,
    )


def _read_states(
    states: Sequence[str | int] | str, year: int, major_powers: Source | None
) -> tuple[dict[str, int], list[str]]:
    """Codes by name, and where the list comes from."""
    sources: list[str] = []
    if isinstance(states, str):
        check_known(states, ("major powers",), "list of states", UnknownNameError)
        if major_powers is None:
            message = "states='major powers' needs major_powers=..., the list of major powers"
            raise MissingDataError(message)
        spells = read_major_powers(major_powers)
        sources.append(citations.source_line("states", citations.MAJOR_POWERS, year, spells))
        states = powers_in(spells, year)
    return codes_by_name(states, year, "states"), sources


def _read_threat(threat: str | int, codes: Mapping[str, int], year: int) -> str:
    code, name = resolve_state(threat, year)
    for one, known in codes.items():
        if known == code:
            return one
    message = f"the threat {name} ({code}) is not among the states {', '.join(codes)}; add it"
    raise UnknownStateError(message)


def _read_power(
    power: str | PerState, codes: Mapping[str, int], data: YearData, sources: list[str]
) -> tuple[PerState, str]:
    if not isinstance(power, str):
        sources.append("power: given by the user")
        return power, ""
    values = data.measure(power, list(codes.values()), "power")
    frame = data.capabilities("power")
    sources.append(
        citations.source_line(f"power ({power})", citations.CAPABILITIES, data.year, frame)
    )
    return values, MEASURES[power]
