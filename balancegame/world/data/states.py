"""States by name and by Correlates of War code, with the dates at which one became another."""

from __future__ import annotations

import difflib

from balancegame._checks import check_count
from balancegame._numbers import shorten
from balancegame.errors import InvalidTypeError, UnknownStateError
from balancegame.world.data.state_names import (
    StateName,
    fold,
    names_by_code,
    names_by_text,
    names_of_states,
)


def state_code(name: str, year: int) -> int:
    """The Correlates of War code of the state that had a name in a year.

    Parameters
    ----------
    name : str
        An English name, in upper or lower case; common other names ("UK", "USSR", "Burma") and
        some that a code had before or after ("Russia" in 1938) are understood.
    year : int
        Germany is 255 to 1945 and from 1990; between them there is no Germany, but West Germany
        (260) and East Germany (265); in 1990 there are all three. Austria-Hungary is 300 to
        1918, Austria 305 from 1919. The Republic of China is China (710) to 1948, Taiwan (713)
        from 1949.

    Raises
    ------
    UnknownStateError
        No state had that name in that year; the message offers the nearest.

    Notes
    -----
    Whether the state belonged to the state system in that year is not looked at; see
    `system_members`.

    Examples
    --------
    >>> import balancegame as bg
    >>> [bg.state_code("Austria", year) for year in (1913, 1938)]
    [300, 305]
    >>> bg.state_code("Germany", 1970)
    Traceback (most recent call last):
    balancegame.errors.UnknownStateError: no state was called 'Germany' in 1970 ...
    """
    at = check_count(year, "year", 0)
    if not isinstance(name, str):  # pyright: ignore[reportUnnecessaryIsInstance]
        message = f"the state is {shorten(name)}; give its name as text"
        raise InvalidTypeError(message)
    known = names_by_text().get(fold(name), [])
    for entry in known:
        if entry.first <= at <= entry.last:
            return entry.code
    message = _unknown(name, at, known)
    raise UnknownStateError(message)


def state_name(code: int, year: int) -> str:
    """What the state with a Correlates of War code was called in a year.

    Parameters
    ----------
    code : int
    year : int

    Raises
    ------
    UnknownStateError
        No state has that code, or had it in that year; the message offers the nearest.

    Examples
    --------
    >>> import balancegame as bg
    >>> [bg.state_name(365, year) for year in (1913, 1938, 2016)]
    ['Russia', 'Soviet Union', 'Russia']
    >>> bg.state_name(255, 1866), bg.state_name(640, 1913)
    ('Prussia', 'Ottoman Empire')
    """
    number = check_count(code, "code", 0)
    at = check_count(year, "year", 0)
    entries = names_by_code().get(number, [])
    for entry in entries:
        if entry.first <= at <= entry.last:
            return entry.name
    if entries:
        spells = ", ".join(f"{entry.name} {entry.years()}" for entry in entries)
        message = f"no state has the code {number} in {at} ({spells})"
        raise UnknownStateError(message)
    there = [entry for entry in names_of_states() if entry.first <= at <= entry.last]
    near = sorted(sorted(there, key=lambda entry: abs(entry.code - number))[:3])
    offered = ", ".join(f"{entry.code} {entry.name}" for entry in near)
    message = f"unknown state code {number}; the nearest are {offered}"
    raise UnknownStateError(message)


def resolve_state(state: str | int, year: int) -> tuple[int, str]:
    """The code of a state given by code or name, and its name: the one given, if one was."""
    if isinstance(state, str):
        return state_code(state, year), state.strip()
    return check_count(state, "a state's code", 0), state_name(state, year)


def _unknown(name: str, year: int, known: list[StateName]) -> str:
    """What to say of a name no state had in a year."""
    there = [entry for entry in names_of_states() if entry.first <= year <= entry.last]
    wanted = fold(name)
    called = {fold(one): entry.name for entry in there for one in (entry.name, *entry.aliases)}
    offered = [called[one] for one in called if wanted and wanted in one.split()]
    codes = {entry.code for entry in known}  # the states the name stood for may have gone on
    offered += [entry.name for entry in there if entry.code in codes]
    if not offered:
        near = difflib.get_close_matches(wanted, called, n=2, cutoff=0.6)
        offered = [called[one] for one in near]
    offered = list(dict.fromkeys(offered))[:3]
    hint = f"; did you mean {' or '.join(map(repr, offered))}?" if offered else ""
    when = ", ".join(f"{code} {_years(code, known)}" for code in sorted(codes))
    told = f" (it is the name of {when})" if known else ""
    return f"no state was called {shorten(name)} in {year}{told}{hint}"


def _years(code: int, known: list[StateName]) -> str:
    """In which years a name was a code's, spells that meet taken together."""
    spells: list[StateName] = []
    for entry in sorted((one for one in known if one.code == code), key=lambda one: one.first):
        if spells and entry.first <= spells[-1].last + 1:
            spells[-1] = spells[-1]._replace(last=entry.last)
        else:
            spells.append(entry)
    return " and ".join(entry.years() for entry in spells)
