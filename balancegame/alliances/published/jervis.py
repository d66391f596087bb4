"""Cooperation under the security dilemma: the ordinal games of Jervis (1978)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import NamedTuple

from balancegame._checks import check_known
from balancegame._numbers import Number, format_fraction
from balancegame.alliances.published.reading import read_number, read_two_names
from balancegame.errors import InvalidParameterError, NoEquilibriumError, UnknownDilemmaError
from balancegame.games.normal_form import NormalFormGame


class _Kind(NamedTuple):
    order: str
    holds: Callable[[Fraction, Fraction, Fraction, Fraction], bool]  # of T, R, P, S
    ranks: tuple[int, int, int, int]  # the ordinal payoffs T, R, P, S


_KINDS = {
    "prisoner's dilemma": _Kind("T > R > P > S", lambda t, r, p, s: t > r > p > s, (4, 3, 2, 1)),
    "stag hunt": _Kind("R > T >= P > S", lambda t, r, p, s: r > t >= p > s, (3, 4, 2, 1)),
    "chicken": _Kind("T > R > S > P", lambda t, r, p, s: t > r > s > p, (4, 3, 1, 2)),
    "deadlock": _Kind("T > P > R > S", lambda t, r, p, s: t > p > r > s, (4, 2, 3, 1)),
}
_ACTIONS = ("cooperate", "defect")


def jervis(
    kind: str,
    *,
    temptation: Number | None = None,
    reward: Number | None = None,
    punishment: Number | None = None,
    sucker: Number | None = None,
    names: Sequence[str] = ("A", "B"),
) -> NormalFormGame:
    """One of four symmetric 2 x 2 games of two states that cooperate or defect.

    After Jervis (1978), from memory: he discusses the first three. His own four worlds are those
    of offence and defence, with the advantage of one or the other and with postures that can be
    told apart or not; they say which game is played and are no games themselves. Deadlock, the
    fourth here, is our addition; it is common in the later literature (Oye 1985).

    Parameters
    ----------
    kind : "prisoner's dilemma", "stag hunt", "chicken" or "deadlock"
    temptation, reward, punishment, sucker : number, optional
        T for defecting alone, R for cooperating both, P for defecting both, S for cooperating
        alone. By default the ordinal payoffs 4 (best) to 1 (worst) of the kind; give all or none.
        They must have the kind's order: T > R > P > S (prisoner's dilemma), R > T >= P > S (stag
        hunt), T > R > S > P (chicken), T > P > R > S (deadlock).
    names : sequence of two str, optional

    Returns
    -------
    NormalFormGame
        Actions "cooperate" and "defect".

    Raises
    ------
    UnknownDilemmaError
        Another kind.
    InvalidParameterError
        Payoffs in another order; the message names the kind they make.

    References
    ----------
    R. Jervis (1978), "Cooperation under the security dilemma", World Politics 30, 167-214.
    K. A. Oye (1985), "Explaining cooperation under anarchy", World Politics 38, 1-24.

    Examples
    --------
    >>> import balancegame as bg
    >>> hunt = bg.published.jervis("stag hunt")
    >>> hunt
    NormalFormGame 'Stag hunt': 2 players, 2 x 2 = 4 profiles
                 cooperate  defect
      cooperate  4, 4       1, 3
      defect     3, 1       2, 2
    >>> [found.actions for found in bg.pure_nash(hunt)]
    [('cooperate', 'cooperate'), ('defect', 'defect')]
    """
    found = _KINDS[check_known(kind, tuple(_KINDS), "kind of dilemma", UnknownDilemmaError)]
    given = (temptation, reward, punishment, sucker)
    if all(value is None for value in given):
        t, r, p, s = map(Fraction, found.ranks)
    else:
        t, r, p, s = _read_four(*given)
        if not found.holds(t, r, p, s):
            actual = _kind_of(t, r, p, s) or "none of the four"
            message = (
                f"{kind} needs {found.order}, but T, R, P, S are "
                f"{', '.join(map(format_fraction, (t, r, p, s)))}: that is {actual}"
            )
            raise InvalidParameterError(message)
    return NormalFormGame.from_arrays(
        [[r, s], [t, p]],
        [[r, t], [s, p]],
        players=read_two_names(names),
        actions=_ACTIONS,
        title=kind.capitalize(),
    )


def dilemma_kind(
    temptation: Number, reward: Number, punishment: Number, sucker: Number
) -> str | None:
    """Which of the four games of `jervis` the payoffs T, R, P, S make; None for none of them.

    Parameters
    ----------
    temptation, reward, punishment, sucker : number

    Raises
    ------
    InvalidParameterError

    Examples
    --------
    >>> import balancegame as bg
    >>> bg.published.dilemma_kind(3, 2, 1, 0), bg.published.dilemma_kind(1, 1, 1, 1)
    ("prisoner's dilemma", None)
    """
    return _kind_of(*_read_four(temptation, reward, punishment, sucker))


def mixed_cooperation(
    temptation: Number, reward: Number, punishment: Number, sucker: Number
) -> Fraction:
    """The chance of cooperation in the symmetric equilibrium in which both states mix.

    Stag hunts and games of chicken have one; so has every game in which a state would rather do as
    the other does, or rather the opposite, whatever the order of its payoffs.

    Parameters
    ----------
    temptation, reward, punishment, sucker : number

    Returns
    -------
    Fraction
        ``(P - S) / (R - T + P - S)``. In a stag hunt it is also how sure of the other's cooperation
        a state must be to cooperate.

    Raises
    ------
    NoEquilibriumError
        One action is always at least as good as the other, or both are always equally good: then
        there is none, or not one alone.

    Examples
    --------
    >>> import balancegame as bg
    >>> bg.published.mixed_cooperation(3, 4, 2, 1)
    Fraction(1, 2)
    """
    t, r, p, s = _read_four(temptation, reward, punishment, sucker)
    if (r - t) * (p - s) <= 0:
        given = ", ".join(map(format_fraction, (t, r, p, s)))
        kind = f"; that is {kind}" if (kind := _kind_of(t, r, p, s)) else ""
        why = (
            "whatever both do is an equilibrium, so that no mixture stands out"
            if r == t and p == s
            else "one action is always at least as good as the other, so that no equilibrium has "
            "both states mix alike"
        )
        message = f"T, R, P, S are {given}{kind}: {why}"
        raise NoEquilibriumError(message)
    return (p - s) / (r - t + p - s)


def _kind_of(t: Fraction, r: Fraction, p: Fraction, s: Fraction) -> str | None:
    return next((name for name, kind in _KINDS.items() if kind.holds(t, r, p, s)), None)


def _read_four(
    temptation: Number | None,
    reward: Number | None,
    punishment: Number | None,
    sucker: Number | None,
) -> tuple[Fraction, Fraction, Fraction, Fraction]:
    given = {
        "temptation": temptation,
        "reward": reward,
        "punishment": punishment,
        "sucker": sucker,
    }
    read: list[Fraction] = []
    for name, value in given.items():
        if value is None:
            message = f"{name} is missing; give all of {', '.join(given)}, or none of them"
            raise InvalidParameterError(message)
        read.append(read_number(value, name))
    t, r, p, s = read
    return t, r, p, s
