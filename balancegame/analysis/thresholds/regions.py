"""Which equilibrium where: the condition of every profile of a game."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from math import prod

from balancegame._checks import check_type
from balancegame._numbers import shorten
from balancegame._progress import report
from balancegame.analysis.thresholds.clauses import without_implied
from balancegame.analysis.thresholds.equilibrium_conditions import (
    check_kind,
    clauses_for,
    gains_of,
)
from balancegame.analysis.thresholds.mixed_supports import (
    MixedRegion,
    mixed_clauses,
    mixed_supports,
)
from balancegame.analysis.thresholds.regions_result import Region, Regions
from balancegame.analysis.thresholds.signs import Facts
from balancegame.analysis.thresholds.symmetry import interchangeable, orbits
from balancegame.analysis.thresholds.threshold import CLAIMS, consistent_facts, solved
from balancegame.errors import InvalidTypeError, SearchInterrupted, TooManyProfilesError
from balancegame.games.profiles import Profile
from balancegame.games.symbolic_game import SymbolicGame

_MOST_PROFILES = 1024
_TASK = "regions"


def regions(
    game: SymbolicGame, profiles: Iterable[Profile] | None = None, *, kind: str = "nash"
) -> Regions:
    """For every pure profile the exact condition under which it is an equilibrium.

    Parameters
    ----------
    game : SymbolicGame
        Such as `symbolic_game` makes, for instance over ``("power_ratio", "parallelism")``.
    profiles : iterable of profiles, optional
        Those to look at; by default all, of which there may be 1,024. They are grouped: players
        who can change places make profiles that are the same up to relabelling.
    kind : "nash", "strict" or "strong"
        As for `threshold`.

    Returns
    -------
    Regions
        A sequence of `Region`, with `label` for grids and `curves` for figures. Of 2 x 2 and 2 x 3
        games (and 3 x 2) `mixed` has the mixed equilibria too, if profiles are not listed and the
        kind is "nash".

    Raises
    ------
    TooManyProfilesError
    UnknownClaimError, UnknownActionError, UnknownPlayerError, InvalidShapeError
    SearchInterrupted
        On Ctrl-C; `result` holds the regions found so far.

    Examples
    --------
    >>> import sympy
    >>> import balancegame as bg
    >>> b, c = sympy.symbols("b c", positive=True)
    >>> chicken = bg.SymbolicGame.from_arrays(
    ...     [[b / 2 - c, b], [0, b / 2]], [[b / 2 - c, 0], [b, b / 2]], actions=["fight", "yield"]
    ... )
    >>> found = bg.regions(chicken)
    >>> found
    4 profiles: when each is a Nash equilibrium
      profile                     alike  equilibrium iff
      fight, fight                1      b >= 2*c
      fight, yield                2      2*c >= b
      yield, yield                1      never
      fight + yield; fight + yield  mixed  2*c > b
      domain: b > 0, c > 0
    >>> found.mixed[0].profile[0]
    (b/(2*c), -(b - 2*c)/(2*c))
    >>> found.at({"b": 1, "c": 1})
    (('fight', 'yield'), ('yield', 'fight'))
    """
    check_type(game, SymbolicGame, "game")
    check_kind(kind)
    if profiles is not None and (isinstance(profiles, str) or not hasattr(profiles, "__iter__")):
        message = f"profiles is {shorten(profiles)}; give a sequence of profiles: [[...], [...]]"
        raise InvalidTypeError(message)
    listed = None if profiles is None else [game.profile(one) for one in profiles]
    count = prod(game.shape) if listed is None else len(listed)
    if count > _MOST_PROFILES:
        message = (
            f"the game has {count:,} pure profiles, more than {_MOST_PROFILES:,}; name those of "
            "interest: regions(game, profiles=[...])"
        )
        raise TooManyProfilesError(message)
    facts = consistent_facts(game.domain)
    every = prod(game.shape) <= _MOST_PROFILES
    classes = interchangeable(game) if every else [[i] for i in range(game.n_players)]
    cells = listed if listed is not None else list(product(*map(range, game.shape)))
    groups = orbits(dict.fromkeys(cells), classes)
    found: list[Region] = []
    try:
        for done, group in enumerate(groups):
            found.append(_region(game, group, kind, facts))
            report(_TASK, done + 1, len(groups))
    except KeyboardInterrupt:
        raise SearchInterrupted(Regions(game, kind, tuple(found), None)) from None
    mixes = listed is None and kind == "nash" and sorted(game.shape) in ([2, 2], [2, 3])
    mixed = _mixed(game, facts) if mixes else None
    return Regions(game, kind, tuple(found), mixed)


def _region(game: SymbolicGame, group: list[tuple[int, ...]], kind: str, facts: Facts) -> Region:
    gains = gains_of(game, group[0], kind)
    clauses = without_implied(clauses_for(gains, kind, facts), facts)
    names = tuple(
        tuple(known[a] for known, a in zip(game.actions, cell, strict=True)) for cell in group
    )
    words = f"{', '.join(names[0])} is {CLAIMS[kind]}"
    threshold = solved(words, clauses, None, facts, game.domain, game.symbols, game.notation)
    return Region(game, kind, names, threshold, gains, clauses)


def _mixed(game: SymbolicGame, facts: Facts) -> tuple[MixedRegion, ...]:
    found: list[MixedRegion] = []
    for supports, ours, theirs in mixed_supports(game):
        clauses = without_implied(mixed_clauses(game, supports, facts), facts)
        if () in clauses:
            continue
        names = tuple(
            tuple(known[a] for a in part)
            for known, part in zip(game.actions, supports, strict=True)
        )
        words = f"{'; '.join(' + '.join(part) for part in names)} is a mixed equilibrium"
        threshold = solved(words, clauses, None, facts, game.domain, game.symbols, game.notation)
        found.append(MixedRegion(names, (ours, theirs), threshold))
    return tuple(found)
