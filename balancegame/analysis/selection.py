"""One table of all equilibria and of what theories of selection say about each."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from balancegame._checks import check_type
from balancegame._progress import report
from balancegame.analysis.equilibrium_payoffs import PayoffComparison
from balancegame.analysis.price_of_anarchy import Price, prices
from balancegame.analysis.selection_table import CRITERIA, SelectionRow, SelectionTable
from balancegame.errors import BalanceGameError, ConvergenceError, SearchInterrupted
from balancegame.games.equilibrium import Equilibrium
from balancegame.games.normal_form import NormalFormGame
from balancegame.games.profile_text import equilibrium_line
from balancegame.games.results import NashResult
from balancegame.solvers.coalitions.coalition_proof import coalition_proof_equilibria
from balancegame.solvers.coalitions.strong import strong_equilibria
from balancegame.solvers.logit.limit import LogitLimit
from balancegame.solvers.logit.path import logit_path
from balancegame.solvers.nash import nash_equilibria
from balancegame.solvers.refinements.evolutionary_stability import (
    ASYMMETRIC,
    is_evolutionarily_stable,
)
from balancegame.solvers.refinements.game_part import GamePart
from balancegame.solvers.refinements.perfection import is_perfect
from balancegame.solvers.refinements.properness import is_proper
from balancegame.solvers.refinements.risk_dominance import (
    is_risk_dominant,
    is_strict,
    least_belief,
)
from balancegame.solvers.refinements.verdict import NO, YES, Verdict

_TASK = "columns of the selection table"
_PURE_ONLY = "it is defined for pure equilibria"
_INTERRUPTED = "interrupted"
_ENDURANCE = "balancegame.analysis.endurance"
_MOST_PROFILES = 4_096  # whose stochastic stability is worked out unasked


class _Belief(NamedTuple):
    """The p of p-dominance, or why there is none."""

    holds: Fraction | None
    reason: str = ""


def selection(
    game: NormalFormGame, *, max_equilibria: int | None = None, max_supports: int | None = None
) -> SelectionTable:
    """All equilibria of a game, and which selection criteria each of them meets.

    Parameters
    ----------
    game : NormalFormGame
    max_equilibria, max_supports : int, optional
        As for `nash_equilibria`; a list cut short leaves the comparisons between equilibria None.

    Returns
    -------
    SelectionTable
        A row for each equilibrium of `nash_equilibria`, of continua their extreme equilibria.
        Columns: `strict`; `pareto_undominated` and `payoff_dominant` among equilibria;
        `risk_dominant`, `half_dominant`, `p_dominance`; `perfect`, `proper`;
        `evolutionarily_stable`; `strong`, `coalition_proof`; `stochastically_stable`;
        `logit_limit`; `welfare`. None where a notion does not apply or is not decided, and
        `reasons` says why. Prices of anarchy and of stability.

    Raises
    ------
    InvalidParameterError
    SearchInterrupted
        On Ctrl-C; `result` holds the table with the columns finished until then. While the
        equilibria are being found, as `nash_equilibria` does.

    Notes
    -----
    Decisions are exact on exact payoffs, floats counting at their exact binary value; only
    `logit_limit` rests on floats where the branch's end is not strict (see `logit_path`).

    Two players: perfect equilibria are those in undominated strategies (van Damme 1987), found by
    linear programming; proper ones by going through the orders in which actions can pay, which
    ends in None if there are hundreds. Three and more: an isolated equilibrium whose index is not
    0 is perfect and proper, and so is one in which all actions are played; others are decided
    where weak dominance, or trembles of single players, do so.

    Beyond the equilibria themselves, time goes into joint deviations (`strong_equilibria`), the
    logit branch, and a few linear programs an equilibrium; some hundredths of a second for small
    games.

    References
    ----------
    Harsanyi, J. C. & Selten, R. (1988), A General Theory of Equilibrium Selection in Games.
    Morris, S., Rob, R. & Shin, H. S. (1995), p-dominance and belief potential. Econometrica 63.
    van Damme, E. (1987), Stability and Perfection of Nash Equilibria.
    Myerson, R. B. (1978), Refinements of the Nash equilibrium concept. Int. J. of Game Theory 7.

    Examples
    --------
    In a stag hunt the equilibrium that pays more is not the one that risks less.

    >>> import balancegame as bg
    >>> stag_hunt = bg.NormalFormGame.from_arrays(
    ...     [[4, 1], [3, 3]], [[4, 3], [1, 3]], actions=["stag", "hare"]
    ... )
    >>> table = bg.selection(stag_hunt)
    >>> table["payoff_dominant"], table["risk_dominant"][:2]
    ((True, False, False), (False, True))
    >>> table["p_dominance"][0], table.price_of_anarchy
    (Fraction(2, 3), Fraction(4, 3))
    """
    check_type(game, NormalFormGame, "game")
    result = nash_equilibria(game, max_equilibria=max_equilibria, max_supports=max_supports)
    working = _Selection(result)
    try:
        working.run()
    except KeyboardInterrupt:
        raise SearchInterrupted(working.table()) from None
    return working.table()


class _Selection:
    """The columns one after the other, with those that are done."""

    def __init__(self, result: NashResult) -> None:
        self._result = result
        self._game = result.game
        self._equilibria = result.equilibria
        self._columns: dict[str, Sequence[Any]] = {}
        self._prices = Price(None, _INTERRUPTED), Price(None, _INTERRUPTED)
        self._finished = False

    def run(self) -> None:
        """Work out every column, the quick ones first."""
        tasks: dict[str, Callable[[], Sequence[Any]]] = {
            "strict": lambda: [self._strict(found) for found in self._equilibria],
            "pareto_undominated": lambda: self._payoffs.undominated(),
            "payoff_dominant": lambda: self._payoffs.payoff_dominant(),
            "risk_dominant": lambda: self._of_pure(self._risk_dominant),
            "p_dominance": lambda: self._of_pure(self._p_dominance),
            "half_dominant": lambda: [self._half(one) for one in self._columns["p_dominance"]],
            "evolutionarily_stable": self._evolutionarily_stable,
            "perfect": self._perfect,
            "proper": self._proper,
            "strong": lambda: self._among(strong_equilibria(self._game)),
            "coalition_proof": lambda: self._among(coalition_proof_equilibria(self._game)),
            "logit_limit": lambda: logit_limits(self._game, self._equilibria),
            "stochastically_stable": lambda: self._of_pure(self._stochastically_stable),
        }
        welfare = self._payoffs.welfare()
        self._prices = prices(self._payoffs.best_welfare, welfare, complete=self._result.complete)
        for done, (name, task) in enumerate(tasks.items()):
            report(_TASK, done, len(tasks))
            self._columns[name] = task()
        report(_TASK, len(tasks), len(tasks))
        self._finished = True

    @cached_property
    def _payoffs(self) -> PayoffComparison:
        return PayoffComparison.of_result(self._result)

    @cached_property
    def _part(self) -> GamePart:
        return GamePart.of_game(self._game)

    @cached_property
    def _robust(self) -> list[bool]:
        """Which equilibria are isolated and have an index other than 0.

        With two players that takes the whole list, with more an index says that one is regular.
        """
        result = self._result
        if self._game.n_players <= 2 and not result.complete:
            return [False] * len(self._equilibria)
        in_continua = {k for members in self._payoffs.continua for k in members}
        robust: list[bool] = []
        for k, found in enumerate(self._equilibria):
            index = found.index
            if index is None and result.membership is not None:
                indices = result.component_indices
                index = None if indices is None else indices[result.membership[k]]
            robust.append(bool(index) and k not in in_continua)
        return robust

    def _cell(self, found: Equilibrium) -> tuple[int, ...]:
        """The actions of a pure equilibrium, of those who have a choice."""
        return tuple(found.support[i][0] for i in self._part.players)

    def _strict(self, found: Equilibrium) -> Verdict:
        return YES if found.is_pure and is_strict(self._part, self._cell(found)) else NO

    def _of_pure(self, decide: Callable[[tuple[int, ...]], Any]) -> list[Any]:
        return [
            decide(self._cell(found)) if found.is_pure else Verdict(None, _PURE_ONLY)
            for found in self._equilibria
        ]

    def _risk_dominant(self, cell: tuple[int, ...]) -> Verdict:
        return YES if is_risk_dominant(self._part, cell) else NO

    def _p_dominance(self, cell: tuple[int, ...]) -> _Belief:
        return _Belief(least_belief(self._part, cell))

    @staticmethod
    def _half(belief: _Belief | Verdict) -> Verdict:
        if belief.holds is None:
            return Verdict(None, belief.reason)
        return YES if belief.holds <= Fraction(1, 2) else NO

    def _evolutionarily_stable(self) -> list[Verdict]:
        game = self._game
        if game.n_players == 2 and game.n_profiles == 1:
            alike = len(set(game.exact_payoffs.ravel().tolist())) == 1
            return [YES if alike else Verdict(None, ASYMMETRIC)]  # there are no mutants
        found: list[Verdict] = []
        for one in self._equilibria:
            profile = self._part.profile(one)
            if profile is None or self._part.n_players != game.n_players:
                found.append(Verdict(None, ASYMMETRIC))
            else:
                found.append(is_evolutionarily_stable(self._part, profile))
        return found

    def _perfect(self) -> list[Verdict]:
        return [
            is_perfect(self._part, found, robust=robust)
            for found, robust in zip(self._equilibria, self._robust, strict=True)
        ]

    def _proper(self) -> list[Verdict]:
        return [
            is_proper(self._part, found, robust=robust, perfect=perfect.holds)
            for found, robust, perfect in zip(
                self._equilibria, self._robust, self._columns["perfect"], strict=True
            )
        ]

    def _among(self, kept: NashResult) -> list[Verdict]:
        """Which pure equilibria a complete list of the pure ones of some kind holds."""
        profiles = {found.support for found in kept}
        return [
            (YES if found.support in profiles else NO)
            if found.is_pure
            else Verdict(None, _PURE_ONLY)
            for found in self._equilibria
        ]

    @cached_property
    def _stable_profiles(self) -> frozenset[tuple[int, ...]] | str:
        return _stochastically_stable(self._game)

    def _stochastically_stable(self, cell: tuple[int, ...]) -> Verdict:
        stable = self._stable_profiles
        if isinstance(stable, str):
            return Verdict(None, stable)
        whole = [0] * self._game.n_players
        for i, action in zip(self._part.players, cell, strict=True):
            whole[i] = action
        return YES if tuple(whole) in stable else NO

    def table(self) -> SelectionTable:
        """What has been worked out."""
        result = self._result
        missing = [Verdict(None, _INTERRUPTED)] * len(self._equilibria)
        names = (*CRITERIA, "p_dominance")
        columns = {name: self._columns.get(name, missing) for name in names}
        welfare = self._payoffs.welfare()
        rows: list[SelectionRow] = []
        for k, found in enumerate(self._equilibria):
            cells = {name: columns[name][k] for name in names}
            rows.append(
                SelectionRow(
                    found,
                    **{name: cell.holds for name, cell in cells.items()},
                    welfare=welfare[k],
                    component=None if result.membership is None else result.membership[k],
                    reasons=MappingProxyType(
                        {name: one.reason for name, one in cells.items() if one.reason}
                    ),
                )
            )
        anarchy, stability = self._prices
        return SelectionTable(
            game=self._game,
            rows=tuple(rows),
            price_of_anarchy=anarchy.value,
            price_of_stability=stability.value,
            complete=result.complete and self._finished,
            reason=result.reason if self._finished else _INTERRUPTED,
            continua=self._payoffs.continua,
            price_reasons=(anarchy.reason, stability.reason),
        )


def logit_limits(game: NormalFormGame, equilibria: Sequence[Equilibrium]) -> list[Verdict]:
    """Which equilibrium the logit branch from the centroid ends at (McKelvey & Palfrey 1995)."""
    try:
        limit = logit_path(game).limit
    except ConvergenceError as failure:
        return [Verdict(None, f"the logit branch could not be followed: {failure}")] * len(
            equilibria
        )
    if limit is None:  # pragma: no cover (only where a precision to stop at is given)
        return [Verdict(None, "the logit branch was not followed to its end")] * len(equilibria)
    if not limit.settled:
        why = f"where the logit branch ends is not known; {limit.reason}"
        return [Verdict(None, why)] * len(equilibria)
    near = [k for k, found in enumerate(equilibria) if _may_be(limit, found)]
    if len(near) > 1:
        return [Verdict(None, "the logit branch's limit is too near several to tell")] * len(
            equilibria
        )
    if not near:
        # Continua are listed by their extreme points.
        ends = equilibrium_line(limit.equilibrium)
        why = (
            f"the logit branch ends at {ends}: inside a continuum, or at an equilibrium not listed"
        )
        return [Verdict(holds=False, reason=why)] * len(equilibria)
    return [YES if k in near else NO for k in range(len(equilibria))]


def _may_be(limit: LogitLimit, found: Equilibrium) -> bool:
    """Whether a limit and an equilibrium are the same, as far as they are known."""
    if limit.exact is not None and found.exact is not None:
        return limit.exact == found.exact
    gap = max(
        float(np.abs(mine - its).max())
        for mine, its in zip(limit.profile, found.profile, strict=True)
    )
    return gap <= limit.error_bound + found.error_bound + 4 * np.finfo(float).eps


def _stochastically_stable(game: NormalFormGame) -> frozenset[tuple[int, ...]] | str:
    """The stochastically stable profiles by action index, or why they are not known."""
    if game.n_profiles > _MOST_PROFILES:
        return f"the game has more than {_MOST_PROFILES:,} profiles; see `endurance`"
    try:
        module = importlib.import_module(_ENDURANCE)
    except ModuleNotFoundError:
        return "minimum-resistance trees are not available in this version"
    try:
        # What endures does not depend on the precision; at 0 the rest is quickest.
        stable = module.endurance(game, 0).stable
    except BalanceGameError as refusal:
        return str(refusal)
    return frozenset(
        tuple(names.index(action) for names, action in zip(game.actions, profile, strict=True))
        for profile in stable
    )
