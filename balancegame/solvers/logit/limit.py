"""The equilibrium a logit branch ends at.

As the precision t grows, actions outside the limit's support die out like exp(-t loss), and those
inside settle, like 1/t where they have to balance others. Where that has become plain the limit is
computed from its own equations: exactly where actions are tied, else by Newton's method on the
support's indifference conditions, for two players in rationals.

When a limit counts as settled
------------------------------
*Confined*: each player's actions in the support are tied, whatever the others play in theirs (as
one action is with itself), and against uniform play of the support all others lose strictly. Then
the profile that is uniform on the support is an exact equilibrium; a strict one, if pure. With e
twice the largest probability of leaving the support here, the logit responses of this precision map
the region where nobody leaves it with more than e, and everyone's play in it is as uniform as that
implies, to itself and contract it; those of higher precisions t' do so with a region smaller by
exp(-(t' - t) loss). It holds one logit equilibrium of each, which the branch must follow.

*Isolated*: the equilibrium is mixed, and alone near it (a Newton-Kantorovich bound), actions
outside lose strictly, the branch is where the first-order expansion in 1/t about the equilibrium
puts it, and at higher precisions no other branch can leave it there, to first order. That the
branch stays with it from here on is not proven in this case, only that nothing points to the
contrary.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, final, overload

import numpy as np
from numpy.typing import NDArray

from balancegame.games.equal_content import EqualByContent
from balancegame.games.equilibrium import Equilibrium, exact_equilibrium, pure_equilibrium
from balancegame.games.integer_payoffs import integer_payoffs
from balancegame.games.narrow_text import narrow_table, wrapped
from balancegame.games.normal_form import NormalFormGame
from balancegame.games.rendering import equilibria_rows
from balancegame.solvers.logit.support_equilibrium import Indifference, Support, exactly, recorded
from balancegame.solvers.logit.system import LogitSystem

Floats = NDArray[np.float64]

_DYING = -5.0  # d log p / d log t of an action that clearly leaves the support
_STAYING = 0.05  # and of one that clearly stays
_DIVIDE = -0.25  # between the two, where all else fails
_NEAR = 0.1  # how close the branch must have come, and how well the expansion must fit


@final
@dataclass(frozen=True, slots=True, eq=False, repr=False)
class LogitLimit(EqualByContent, Sequence[Floats]):
    """The equilibrium at the end of a logit branch; itself a profile, one array a player.

    Attributes
    ----------
    equilibrium : Equilibrium
        Its record: exact where pure, and for two players where isolated; else with its error
        bound, and its regret.
    settled : bool
        Whether the branch has come so close that no other limit is to be expected; see `reason`.
    precision : float
        Where on the branch that was decided.
    reason : str
        What is known, and how.
    """

    equilibrium: Equilibrium
    settled: bool
    precision: float
    reason: str

    @property
    def profile(self) -> tuple[Floats, ...]:
        """One probability vector a player."""
        return self.equilibrium.profile

    @property
    def exact(self) -> tuple[tuple[Fraction, ...], ...] | None:
        """The probabilities as Fractions, where they are known."""
        return self.equilibrium.exact

    @property
    def regret(self) -> float:
        """The most any player gains by deviating."""
        return self.equilibrium.regret

    @property
    def error_bound(self) -> float:
        """How far from the profile the equilibrium can be; inf where none is proven near it."""
        return self.equilibrium.error_bound

    @property
    def payoffs(self) -> Floats:
        """Each player's payoff."""
        return self.equilibrium.payoffs

    @property
    def is_pure(self) -> bool:
        """Whether every player plays one action for certain."""
        return self.equilibrium.is_pure

    @property
    def actions(self) -> tuple[str, ...] | None:
        """The actions played, by name; None for a mixed equilibrium."""
        return self.equilibrium.actions

    def __len__(self) -> int:
        return len(self.profile)

    @overload
    def __getitem__(self, index: int) -> Floats: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Floats]: ...
    def __getitem__(self, index: int | slice) -> Floats | Sequence[Floats]:
        return self.profile[index]

    def to_dict(self) -> dict[str, Any]:
        """The limit in plain types, ready for JSON."""
        return {
            "settled": self.settled,
            "precision": self.precision,
            "reason": self.reason,
            "equilibrium": self.equilibrium.to_dict(),
        }

    def __repr__(self) -> str:
        return f"Equilibrium\n{limit_text(self)}"


def limit_text(limit: LogitLimit, *, indent: str = "  ") -> str:
    """The limit's profile and what is known about it, in lines of at most 80 columns."""
    rows = equilibria_rows([limit.equilibrium])[1:]
    word = "settled" if limit.settled else "not settled"
    reason = wrapped(f"{word}: {limit.reason}", indent=indent)
    return f"{narrow_table(rows, indent=indent)}\n{reason}"


def settled_limit(system: LogitSystem, point: Floats, tangent: Floats) -> LogitLimit | None:
    """The limit, if the branch has come close enough to tell; None if not."""
    if system.spread == 0.0:
        return _anything(system.game)
    if not tangent[-1] > 0.0:
        return None
    slopes = _slopes(point, tangent)
    stays = np.abs(slopes) <= _STAYING
    if not (stays | ((slopes <= _DYING) & (point[:-1] <= _DYING))).all():
        return None
    support = tuple(np.flatnonzero(part) for part in np.split(stays, system.starts[1:-1]))
    if not all(len(part) for part in support):
        return None
    return _confined(system, point, support) or _isolated(system, point, support)


def unsettled_limit(system: LogitSystem, point: Floats, tangent: Floats) -> LogitLimit:
    """The best guess at the limit of a branch that does not settle: degenerate games."""
    slopes = _slopes(point, tangent)
    parts = zip(system.parts(slopes), system.parts(point), strict=True)
    support = tuple(
        np.flatnonzero((slope > _DIVIDE) | (logs == logs.max())) for slope, logs in parts
    )
    precision = system.unscaled(point)
    if all(len(part) == 1 for part in support):
        found = pure_equilibrium(system.game, [int(part[0]) for part in support])
        if found.regret == 0.0:
            kind = "a strict" if found.margin > 0.0 else "a tied"
            reason = f"{kind} equilibrium, exact, near which the branch is at {precision:.3g}"
            return LogitLimit(found, settled=False, precision=precision, reason=reason)
    equations, p = Indifference(system, support), np.exp(point[:-1])
    found = min(
        (
            recorded(system.game, tuple(part / part.sum() for part in system.parts(one)), math.inf)
            for one in (equations.nearest(p), equations.restricted(p), p)
            if one is not None
        ),
        key=lambda one: one.regret,
    )
    reason = (
        f"no isolated equilibrium is near the branch at {precision:.3g}: a profile there, with "
        f"regret {found.regret:.2g}"
    )
    return LogitLimit(found, settled=False, precision=precision, reason=reason)


def _anything(game: NormalFormGame) -> LogitLimit:
    """No player's action matters to himself: the branch stays at the centroid."""
    found = _uniform(game, tuple(np.arange(m) for m in game.shape))
    reason = "no player's own action matters to him: every profile is an equilibrium"
    return LogitLimit(found, settled=True, precision=0.0, reason=reason)


def _slopes(point: Floats, tangent: Floats) -> Floats:
    """Of log p by log t: 0 for actions that stay, -t times the loss for those that go."""
    return point[-1] * tangent[:-1] / tangent[-1]


def _confined(system: LogitSystem, point: Floats, support: Support) -> LogitLimit | None:
    game = system.game
    uniform = np.zeros(system.n_unknowns)
    for start, part in zip(system.starts, support, strict=False):
        uniform[start + part] = 1.0 / len(part)
    off = np.abs(np.exp(point[:-1]) - uniform).max()
    if off > _NEAR / max(map(len, support)) or not _contracts(system, point, support, uniform):
        return None
    if not all(_are_tied(game, i, support) for i in range(game.n_players)):
        return None
    precision = system.unscaled(point)
    if all(len(part) == 1 for part in support):
        found = pure_equilibrium(game, [int(part[0]) for part in support])
        reason = "a strict equilibrium, exact, to which the branch is confined from here on"
        if not found.margin > 0.0:
            return None
    else:
        found = _uniform(game, support)
        reason = "an equilibrium of ties, exact, to which the branch is confined from here on"
    return LogitLimit(found, settled=True, precision=precision, reason=reason)


def _contracts(system: LogitSystem, point: Floats, support: Support, uniform: Floats) -> bool:
    """Whether logit responses of this and all higher precisions contract the region around.

    With every probability of leaving the support at most e, differences between tied actions are
    at most 4 top (n - 1) e, top the largest difference from the player's first action; and others'
    play within their supports differs from uniform by exp of t times that, less 1.
    """
    values, _ = system.contract(uniform)
    left = np.exp(point[:-1]) * (uniform == 0.0)
    region = 2.0 * max(float(part.sum()) for part in system.parts(left)) + 1e-300
    t, others = float(point[-1]), system.game.n_players - 1
    mixing = max(map(len, support)) > 1
    for part, inside, top in zip(system.parts(values), support, system.tops, strict=True):
        outside = np.delete(part, inside)
        rate = 4.0 * float(top) * others
        if not t * rate * region <= 0.1:
            return False
        uneven = math.expm1(t * rate * region) if mixing else 0.0
        if mixing and not 16.0 * t * t * rate * rate * region <= 1.0:
            return False
        if len(outside):
            slack = rate * (region + uneven) + 4.0 * float(top) * system.payoffs.rounding
            loss = float(part[inside].min() - outside.max()) - slack
            if not (t * loss >= 2.0 and len(outside) * math.exp(-t * loss) <= region):
                return False
    return True


def _are_tied(game: NormalFormGame, player: int, support: Support) -> bool:
    """Whether a player's actions in the support pay him the same whatever others play in theirs."""
    if len(support[player]) == 1:
        return True
    table = (game.exact_payoffs if game.has_rounded_payoffs else game.payoffs)[player]
    table = np.moveaxis(table[np.ix_(*support)], player, 0)
    return bool((table == table[:1]).all())


def _uniform(game: NormalFormGame, support: Support) -> Equilibrium:
    """The record of uniform play of a support."""
    exact = tuple(
        tuple(Fraction(1, len(part)) if a in part else Fraction(0) for a in range(m))
        for part, m in zip(support, game.shape, strict=True)
    )
    if game.n_players == 2:
        return exact_equilibrium(game, integer_payoffs(game), (exact[0], exact[1]), None)
    profile = tuple(np.array([float(chance) for chance in part]) for part in exact)
    return recorded(game, profile, 0.0, exact)


def _isolated(system: LogitSystem, point: Floats, support: Support) -> LogitLimit | None:
    equations = Indifference(system, support)
    p = equations.solved_from(np.exp(point[:-1]))
    if p is None:
        return None
    radius = equations.error_bound(p)
    if not radius < p[equations.flat].min() or not _fits(equations, point, p):
        return None
    if not equations.is_regular_beyond(p, float(point[-1])):
        return None
    precision = system.unscaled(point)
    exact = exactly(system.game, support)
    if exact is not None and exact.margin > 0.0:
        reason = "an isolated equilibrium, exact; the branch nears it as 1/precision"
        return LogitLimit(exact, settled=True, precision=precision, reason=reason)
    if not equations.loses_outside(p, radius):
        return None
    profile = tuple(part / part.sum() for part in system.parts(p))
    reason = (
        f"an isolated equilibrium, within {radius:.1g} of this profile; the branch nears it as "
        "1/precision"
    )
    found = recorded(system.game, profile, radius)
    return LogitLimit(found, settled=True, precision=precision, reason=reason)


def _fits(equations: Indifference, point: Floats, p: Floats) -> bool:
    """Whether the branch is where the expansion in 1/t about the equilibrium puts it."""
    expected = equations.shift(p) / point[-1]
    inside, moved = p[equations.flat], np.abs(expected)
    off = np.abs(np.exp(point[equations.flat]) - inside - expected)
    return bool((moved <= _NEAR * inside).all() and off.max() <= _NEAR * moved.max() + 1e-7)
