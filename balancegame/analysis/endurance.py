"""How long alignments last: logit revision, and what it selects as errors vanish."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from balancegame._checks import check_type
from balancegame._numbers import Number, exactly, format_number, parse_number
from balancegame._progress import report
from balancegame.analysis.endurance_result import Endurance, LastingAlignment
from balancegame.errors import InvalidParameterError, TooManyProfilesError
from balancegame.games.normal_form import NormalFormGame
from balancegame.solvers.potential import is_potential
from balancegame.solvers.revision.best_reply_classes import Classes, best_reply_classes
from balancegame.solvers.revision.logit_revision import (
    Resistances,
    logit_revision,
    resistances,
)
from balancegame.solvers.revision.long_run import gibbs, stationary
from balancegame.solvers.revision.resistance_paths import distances_from
from balancegame.solvers.revision.resistance_trees import tree_resistances

MOST_MOVES = 1 << 25  # between profiles, in all
MOST_CLASSES = 1 << 12  # whose resistances are tabulated; a potential does without
_TABLE = 1 << 22  # distances held at once


def endurance(game: NormalFormGame, precision: Number) -> Endurance:
    """How much of the time each alignment lasts, which endure as errors vanish, and for how long.

    Each period one player, each with the same probability, revises his action and takes one with
    probability proportional to exp(precision * payoff), the others staying where they are. This is
    asynchronous logit revision, log-linear learning (Blume 1993): a Markov chain on pure profiles.

    Parameters
    ----------
    game : NormalFormGame
    precision : number >= 0
        0 moves at random; as it grows, errors vanish.

    Returns
    -------
    Endurance
        With the long-run law, the alignments that are left by error only, their basins, and those
        of them that are stochastically stable; `leaving_time`, `passage_time` and `tipping` answer
        how long and by whom.

    Raises
    ------
    InvalidParameterError
        A precision that is negative or not finite.
    TooManyProfilesError
        More than 33,554,432 moves between profiles; without an exact potential, more than 65,536
        profiles, or over 512 where the probabilities span more than floats do, or more than 4,096
        alignments.
    ConvergenceError
        Aggregation cannot bound its error below 1.
    KeyboardInterrupt
        On Ctrl-C: a law half worked out says nothing, so that there is no partial result.

    Notes
    -----
    The law is Gibbs's where the game has an exact potential; otherwise it comes from elimination
    without subtractions up to 2,048 profiles (Grassmann, Taksar & Heyman 1985), and from multilevel
    aggregation beyond (Horton & Leutenegger 1994), with a bound that is checked afterwards.

    What endures is exact, from exact payoffs. A move's resistance is the mover's best payoff on
    his line less what he moves to (Alos-Ferrer & Netzer 2010). An alignment is a recurrent class
    of the moves without resistance, its basin the profiles from which those lead there for sure.
    Stochastically stable are the roots of least trees of resistances (Freidlin & Wentzell 1984;
    Young 1993), in a potential game the maximisers of the potential.

    2^14 profiles take some seconds. Floats count at their exact value, so that payoffs in floats
    may miss a potential, or a tie between alignments, by rounding: build the game from exact
    numbers where that matters.

    References
    ----------
    H. P. Young (1993), "The evolution of conventions", Econometrica 61, 57-84.
    L. E. Blume (1993), "The statistical mechanics of strategic interaction", Games and Economic
    Behavior 5, 387-424.
    C. Alos-Ferrer and N. Netzer (2010), "The logit-response dynamics", Games and Economic Behavior
    68, 413-427.
    G. Ellison (2000), "Basins of attraction, long-run stochastic stability, and the speed of
    step-by-step evolution", Review of Economic Studies 67, 17-45.

    Examples
    --------
    In a stag hunt the hare is safer, and lasts:

    >>> import balancegame as bg
    >>> hunt = bg.NormalFormGame.from_arrays(
    ...     [[4, 0], [3, 3]], [[4, 3], [0, 3]], players=["A", "B"], actions=["stag", "hare"]
    ... )
    >>> found = bg.endurance(hunt, precision=2)
    >>> found
    2 lasting alignments, 1 stochastically stable; shares of time at precision 2
      (Gibbs)
           alignment  share   basin  basin's share  shortfall
      [1]  all: hare  0.9773  1      0.9773         stable
      [0]  all: stag  0.0179  1      0.0179         2
      law within 2e-15 in total variation
    >>> print(found.leaving_time(["stag", "stag"]), found.leaving_time(["hare", "hare"]))
    8.389 404.4
    >>> found.tipping(["stag", "stag"], ["hare", "hare"]).first_movers
    ('A', 'B')
    """
    check_type(game, NormalFormGame, "game")
    value = parse_number(precision, "precision", InvalidParameterError)
    if value < 0:
        message = f"precision is {format_number(value)}; it must be at least 0"
        raise InvalidParameterError(message)
    _check_size(game)
    judged = is_potential(game)
    potential = judged.exact_potential if judged else None
    if potential is not None:
        law = gibbs(potential, float(value))
    else:
        law = stationary(logit_revision(game, float(value)))
    resistance = resistances(game)
    classes = best_reply_classes(resistance)
    shortfalls = _shortfalls(resistance, classes, potential)
    return Endurance(
        game=game,
        precision=value,
        exact_precision=exactly(value),
        is_potential=potential is not None,
        method=law.method,
        log_law=law.logs.reshape(game.shape),
        error_bound=law.error_bound,
        alignments=_alignments(game, np.exp(law.logs), classes, shortfalls),
        basins=classes.basins.reshape(game.shape),
    )


def _check_size(game: NormalFormGame) -> None:
    count = game.n_profiles * sum(game.shape)
    if count > MOST_MOVES:
        message = (
            f"the game's {game.n_profiles:,} profiles have {count:,} moves between them; at most "
            f"{MOST_MOVES:,} are looked at; use fewer players or actions"
        )
        raise TooManyProfilesError(message)


def _shortfalls(
    resistance: Resistances, classes: Classes, potential: NDArray[Any] | None
) -> list[Fraction]:
    """By how much each class's least tree exceeds the least of all."""
    if potential is not None:
        top = potential.max()
        return [top - potential.ravel()[own[0]] for own in classes.members]
    totals = tree_resistances(_between(resistance, classes))
    least = min(totals)
    return [Fraction(total - least, resistance.unit) for total in totals]


def _between(resistance: Resistances, classes: Classes) -> NDArray[Any]:
    """The least resistance from each class to each other."""
    count, states = len(classes.members), classes.basins.size
    if count > MOST_CLASSES:
        message = (
            f"the game has {count:,} alignments that are left by error only, and no exact "
            f"potential; their trees of resistances are found for at most {MOST_CLASSES:,}"
        )
        raise TooManyProfilesError(message)
    firsts = np.array([own[0] for own in classes.members])
    table = np.empty((count, count), dtype=resistance.costs.dtype)
    step = max(1, _TABLE // states)
    for low in range(0, count, step):
        report("resistances between alignments", low, count)
        some = classes.members[low : low + step]
        # Within a class moves are free, so that its first profile stands for all of them.
        table[low : low + step] = distances_from(resistance.costs, some)[:, firsts]
    return table


def _alignments(
    game: NormalFormGame, law: NDArray[np.float64], classes: Classes, shortfalls: list[Fraction]
) -> tuple[LastingAlignment, ...]:
    basins = classes.basins
    inside = basins >= 0
    sizes = np.bincount(basins[inside], minlength=len(classes.members))
    shares = np.bincount(basins[inside], law[inside], minlength=len(classes.members))
    found: list[LastingAlignment] = []
    for place, own in enumerate(classes.members):
        cells = [tuple(cell) for cell in np.stack(np.unravel_index(own, game.shape), 1).tolist()]
        names = [
            tuple(actions[a] for actions, a in zip(game.actions, cell, strict=True))
            for cell in cells
        ]
        found.append(
            LastingAlignment(
                players=game.players,
                cells=tuple(cells),
                profiles=tuple(names),
                probability=float(law[own].sum()),
                basin_size=int(sizes[place]),
                basin_probability=float(shares[place]),
                shortfall=shortfalls[place],
                is_stable=shortfalls[place] == 0,
            )
        )
    return tuple(found)
