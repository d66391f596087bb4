"""Which alignments are stable, how many roads lead to each, and which is the best of all."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from balancegame._checks import check_count, check_known, check_type
from balancegame._numbers import parse_number
from balancegame.errors import (
    GuaranteeError,
    InvalidParameterError,
    SearchInterrupted,
    UnknownBasinsError,
    UnknownGuaranteeError,
)
from balancegame.games.alignment import AlignmentGame
from balancegame.solvers.alignments.branch_and_bound import Proof, prove
from balancegame.solvers.alignments.couplings import Couplings
from balancegame.solvers.alignments.landscape import whole_landscape
from balancegame.solvers.alignments.local_minima import (
    all_basins,
    all_minima,
    descents,
    sides_of,
)
from balancegame.solvers.alignments.local_search import best_found
from balancegame.solvers.alignments.relaxation import upper_bound
from balancegame.solvers.alignments.result import AlignmentResult

_GUARANTEES = ("all", "global", "bound")
_BASINS = ("exact", "sampled", "none")
_UNASKED = {"all": 30, "global": 70}  # states up to which a guarantee is given unasked
_LIMITS = {"all": 40, "global": 120, "bound": 1000}
_TABLE = 14  # states up to which a table of the landscape takes milliseconds
_EXACT_BASINS = 26  # states up to which basins are counted unasked
_STARTS = 24  # of the local search
_PATIENCE = 300  # seconds for a proof nobody asked for
_ROUNDS = 14  # of the relaxation, where it is all there is

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]


def alignments(
    game: AlignmentGame,
    *,
    guarantee: str | None = None,
    basins: str | None = None,
    max_minima: int = 100_000,
    samples: int | None = None,
    seconds: float | None = None,
    seed: int = 0,
) -> AlignmentResult:
    """Stable alignments of a game: the local minima of its energy, and its global minimum.

    Parameters
    ----------
    game : AlignmentGame
    guarantee : str, optional
        ``"all"``: every stable alignment is listed. ``"global"``: the first one listed has the
        least energy of all. ``"bound"``: it is the best found, with a lower bound on all. By
        default the strongest that takes seconds: up to 30, up to 70, and beyond 70 states. On
        request up to 40, 120 and 1,000 states.
    basins : str, optional
        ``"exact"``: steepest descent from all 2^(n-1) alignments, the default up to 26 states;
        ``"sampled"``: from random ones, the default beyond, with standard errors; ``"none"``.
    max_minima : int, optional
        Of more stable alignments those of least energy are listed, and `complete` is False.
    samples : int, optional
        Descents of sampled basins; default 65,536 where all minima are listed, 4,096 elsewhere.
        Elsewhere the stable alignments they end in are listed, too.
    seconds : float, optional
        Time after which the proof of the global minimum is given up, leaving the bound reached.
        Default: 300 where the guarantee was not asked for, unlimited where it was. Sizes of many
        digits and one propensity make it as hard as the partition of numbers.
    seed : int, optional
        Of sampled basins and of the local search: the same seed, the same result.

    Returns
    -------
    AlignmentResult
        Sorted by energy, then sides. Everything but sampled basins is exact, for given floats at
        their binary values: energies are integers over a common denominator, and so are all
        comparisons. Where several alignments have the least energy, ``"global"`` gives one.

    Raises
    ------
    GuaranteeError
        The guarantee, or exact basins, are out of reach for so many states; the message says
        what is not.
    SearchInterrupted
        Ctrl-C during the proof; its `result` holds the best alignment and the bound until then.
        Elsewhere Ctrl-C is a plain KeyboardInterrupt: of a list of all minima, or of basins, the
        part that is done says little.

    Notes
    -----
    All minima: depth-first enumeration over bits that drops a branch as soon as a state in it
    would move whatever follows; 2^(n-1) steps at worst (if nearly all propensities are 0), a tiny
    part of them usually, about 200 ns a minimum where there are many. Basins: 2^(n-1) steps, shared
    by the processors, about 100 ns each; each move goes to the state whose move lowers the energy
    most, of several the first.
    Global minimum: Russian dolls (Verfaillie, Lemaitre & Schiex 1996), and where these take too
    long, branch and bound with semidefinite bounds and triangle inequalities (Rendl, Rinaldi &
    Wiegele 2010; Krislock, Malick & Roupin 2014), every bound proven in floating-point
    arithmetic rounded outwards; what a bound leaves open is searched through the ellipsoid in which
    it confines all that could still be better (Fincke & Pohst 1985). Tenths of a second for 60
    states, some seconds for 70. Best found: tabu search (Glover 1989) with kicks.

    References
    ----------
    R. Axelrod and D. S. Bennett (1993), "A landscape theory of aggregation", British Journal of
    Political Science 23, 211-233.
    F. Rendl, G. Rinaldi and A. Wiegele (2010), "Solving max-cut to optimality by intersecting
    semidefinite and polyhedral relaxations", Mathematical Programming 121, 307-335.

    Examples
    --------
    The UNIX standards of 1988 (Axelrod, Mitchell, Thomas, Bennett & Bruderer 1995): firms of one
    kind avoid each other.

    >>> import balancegame as bg
    >>> firms = ["Sun", "Prime", "DEC", "HP", "Apollo", "AT&T", "Intergraph", "IBM", "SGI"]
    >>> size = ["28.9", "1", "20", "11.5", "21.2", "28.5", "4.4", "3.8", "4.4"]
    >>> kind = "SSGGSGSGS"
    >>> rivals = [[-1 if a == b else 0 for b in kind] for a in kind]
    >>> found = bg.alignments(bg.AlignmentGame(size, rivals, firms))
    >>> found
    2 stable alignments (9 states)
           energy   basin  side 0                 side 1
      [0]  -3828.9  128    Sun, Prime, DEC, HP    Apollo, AT&T, Intergraph, IBM, SGI
      [1]  -3828.9  128    Sun, Prime, AT&T, IBM  DEC, HP, Apollo, Intergraph, SGI
      Complete: all 256 alignments were enumerated
    """
    check_type(game, AlignmentGame, "game")
    options = _read_options(game, guarantee, basins, max_minima, samples, seconds, seed)
    couplings = Couplings.of(game)
    if options.guarantee == "all":
        return _all(couplings, options)
    return _best(couplings, options)


@dataclass(frozen=True, slots=True)
class _Options:
    guarantee: str
    basins: str
    max_minima: int
    samples: int
    seconds: float | None
    seed: int


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What is known beside the minima listed."""

    lower_bound: int  # in units of the game
    complete: bool
    n_minima: int | None
    reason: str


def _read_options(
    game: AlignmentGame,
    guarantee: str | None,
    basins: str | None,
    max_minima: int,
    samples: int | None,
    seconds: float | None,
    seed: int,
) -> _Options:
    n = game.n_states
    if guarantee is None:
        seconds = _PATIENCE if seconds is None else seconds
        guarantee = next((g for g in ("all", "global") if n <= _UNASKED[g]), "bound")
    check_known(guarantee, _GUARANTEES, "guarantee", UnknownGuaranteeError)
    if n > _LIMITS[guarantee]:
        weaker = [g for g in _GUARANTEES if n <= _LIMITS[g]]
        offer = f"guarantee={weaker[0]!r} is available" if weaker else "no guarantee is available"
        message = (
            f"guarantee={guarantee!r} is available up to {_LIMITS[guarantee]} states, but the game "
            f"has {n}; {offer} for so many"
        )
        raise GuaranteeError(message)
    if basins is None:
        basins = "exact" if guarantee == "all" and n <= _EXACT_BASINS else "sampled"
    check_known(basins, _BASINS, "way to count basins", UnknownBasinsError)
    if basins == "exact" and guarantee != "all":
        message = (
            f"exact basins need guarantee='all', available up to {_LIMITS['all']} states, but it "
            f"is {guarantee!r} and the game has {n} states; basins='sampled' is available"
        )
        raise GuaranteeError(message)
    if samples is None:
        samples = 1 << 16 if guarantee == "all" else 1 << 12
    if seconds is not None:
        seconds = float(parse_number(seconds, "seconds", InvalidParameterError))
        if seconds < 0.0:
            message = f"seconds is {seconds}; it must be at least 0"
            raise InvalidParameterError(message)
    return _Options(
        guarantee,
        basins,
        check_count(max_minima, "max_minima", 1),
        check_count(samples, "samples", 1),
        seconds,
        check_count(seed, "seed", 0),
    )


def _all(couplings: Couplings, options: _Options) -> AlignmentResult:
    """List every local minimum."""
    n = couplings.game.n_states
    counted: Integers | None = None
    if n <= _TABLE:
        codes, counted = whole_landscape(couplings)
        total = len(codes)
    else:
        codes, total = all_minima(couplings, options.max_minima)
        codes = np.sort(codes)
        if options.basins == "exact":
            counted = all_basins(couplings, codes)
    sides = sides_of(codes, n)
    energies = couplings.energies(sides)
    order = _sorted(energies, sides)[: options.max_minima]
    estimates, errors = np.full(len(order), np.nan), np.full(len(order), np.nan)
    if options.basins == "exact" and counted is not None:
        estimates, errors = counted[order].astype(np.float64), np.zeros(len(order))
    elif options.basins == "sampled":
        ends = _sampled_ends(couplings, options)
        weights = 1 << np.arange(n - 1, -1, -1)
        hits = np.searchsorted(codes, (ends < 0) @ weights)
        listed = hits < len(codes)
        listed[listed] = codes[hits[listed]] == ((ends < 0) @ weights)[listed]
        tally = np.bincount(hits[listed], minlength=len(codes))[order]
        estimates, errors = _estimates(tally, options.samples, n)
    complete = total <= options.max_minima
    count = 1 << (n - 1)
    every = "the only alignment was" if count == 1 else f"all {count:,} alignments were"
    reason = f"{every} enumerated"
    if not complete:
        reason += f"; of {total:,} stable ones {len(order):,} of least energy are listed"
    least = min(energies)
    if not complete and not couplings.is_whole:
        # Those left out may beat the listed by what the leads do not show.
        least = min(least, _least_energy(couplings, couplings.most_of_leads(sides)))
    outcome = _Outcome(least, complete, total, reason)
    kept = [energies[k] for k in order]
    return _result(couplings, options, sides[order], kept, estimates, errors, outcome)


def _best(couplings: Couplings, options: _Options) -> AlignmentResult:
    """The best alignment found, and a bound, which meets it where the minimum is proven."""
    rng = np.random.default_rng(options.seed)
    found = best_found(couplings, rng, starts=_STARTS)
    interrupted = False
    if options.guarantee == "global":
        proof = prove(couplings.lead, couplings.pair_slack, found, seconds=options.seconds)
        found, interrupted = proof.sides, proof.interrupted
        found = descents(couplings, found)
        outcome = _proven(couplings, proof, found)
    else:
        relaxed = upper_bound(couplings.lead, -(1 << 62), rounds=_ROUNDS, patient=True)
        least = _least_energy(couplings, relaxed.bound)
        reason = f"the best of {_STARTS} tabu searches; semidefinite lower bound"
        outcome = _Outcome(least, complete=False, n_minima=None, reason=reason)
    found *= found[:, :1]
    tally: dict[bytes, int] = {}
    if options.basins == "sampled" and not interrupted:
        ends = _sampled_ends(couplings, options)
        unique, counts = np.unique(ends, axis=0, return_counts=True)
        tally = {row.tobytes(): int(c) for row, c in zip(unique, counts, strict=True)}
        found = np.concatenate([found, unique])
    sides = np.unique(found, axis=0)
    energies = couplings.energies(sides)
    order = _sorted(energies, sides)[: options.max_minima]
    sides, kept = sides[order], [energies[k] for k in order]
    n = couplings.game.n_states
    if tally:
        hits = np.array([tally.get(row.tobytes(), 0) for row in sides])
        estimates, errors = _estimates(hits, options.samples, n)
    else:
        estimates = errors = np.full(len(sides), np.nan)
    result = _result(couplings, options, sides, kept, estimates, errors, outcome)
    if interrupted:
        raise SearchInterrupted(result)
    return result


def _proven(couplings: Couplings, proof: Proof, found: Integers) -> _Outcome:
    least = min(couplings.energies(found))
    bound = _least_energy(couplings, proof.bound)
    if proof.complete or bound >= least:
        reason = f"the least energy is proven, by branch and bound ({proof.nodes:,} nodes)"
        return _Outcome(least, complete=False, n_minima=None, reason=reason)
    reason = f"the least energy is not proven, after {proof.nodes:,} nodes of branch and bound"
    return _Outcome(bound, complete=False, n_minima=None, reason=reason)


def _least_energy(couplings: Couplings, most: int) -> int:
    """A lower bound on energies, from an upper bound on sums of leads over pairs."""
    whole = int(np.triu(couplings.game.integer_couplings).sum())
    if couplings.is_whole:
        return whole - most
    shift = couplings.radix * len(couplings.digits)
    rest = np.triu(couplings.game.integer_couplings & ((1 << shift) - 1), 1)
    return whole - (most << shift) - int(rest.sum())


def _sampled_ends(couplings: Couplings, options: _Options) -> Integers:
    rng = np.random.default_rng([options.seed, 1])
    shape = options.samples, couplings.game.n_states
    return descents(couplings, 1 - 2 * rng.integers(0, 2, shape))


def _estimates(hits: Integers, samples: int, n: int) -> tuple[Floats, Floats]:
    """Basins from a sample, and standard errors that are positive even where nothing was hit."""
    share = (hits + 1) / (samples + 2)
    size = 2.0 ** (n - 1)
    return hits / samples * size, np.sqrt(share * (1 - share) / samples) * size


def _sorted(energies: list[int], sides: Integers) -> list[int]:
    """Places by energy, then sides (side 0, which is +1, first)."""
    columns = [-sides[:, k] for k in range(sides.shape[1] - 1, -1, -1)]
    rank = np.empty(len(sides), dtype=np.int64)
    rank[np.lexsort(columns)] = np.arange(len(sides))
    return sorted(range(len(energies)), key=lambda k: (energies[k], int(rank[k])))


def _result(
    couplings: Couplings,
    options: _Options,
    sides: Integers,
    energies: list[int],
    basins: Floats,
    errors: Floats,
    outcome: _Outcome,
) -> AlignmentResult:
    unit = couplings.game.unit
    minima = ((1 - sides) // 2).astype(np.int8)
    for array in (minima, basins, errors):
        array.setflags(write=False)
    names = ("guarantee", "basins", "max_minima", "samples", "seconds", "seed")
    return AlignmentResult(
        game=couplings.game,
        minima=minima,
        exact_energies=tuple(Fraction(value) * unit for value in energies),
        basins=basins,
        basin_errors=errors,
        exact_lower_bound=outcome.lower_bound * unit,
        guarantee=options.guarantee,
        complete=outcome.complete,
        n_minima=outcome.n_minima,
        reason=outcome.reason,
        parameters={name: getattr(options, name) for name in names},
    )
