"""Check the equilibrium payoffs of a repeated game whose players can pay each other.

The claim
---------
Players of one discount factor delta pay each other, or burn money, and then play pure actions, each
period. The payoffs of subgame-perfect equilibria are all u with ``u_i >= v_i`` and ``sum u <= U``;
without U and v, there are none.

Why
---
Let g(a) be what profile a pays, c_i(a) what player i's best deviation from it pays, and
``L(a) = sum_i (c_i(a) - g_i(a))``. Let V be the set of equilibrium payoffs, U the most they sum to,
and v_i the least that i gets in one.

*All lie within.* If a begins an equilibrium, its continuation w deters: ``delta (w_i - v_i) >=
(1 - delta) (c_i - g_i)``. Summed up, ``(1 - delta) L(a) <= delta (U - sum v)``. No equilibrium's
payoffs sum to more than the expected best sum of g(a) over profiles that can begin one, and no
player's are below the expected least c_i(a). So profiles are ruled out, from all of them on, as
long as the bounds that the rest give leave some ruled out.

*All are paid.* When nothing is ruled out any more, each profile left has continuations that deter:
payments split U - sum v at will. The profiles with the best sum, for ever, pay U, shared by
payments up front. A player pays a fine, plays what punishes him, with c_i = v_i, and goes back; who
does not pay is fined again (Goldluecke & Kranz 2012). Burning money gives what is below U.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

from .reading import Failure, Game, read_contingencies, read_fraction, read_list, read_object

Point = tuple[Fraction, ...]

_CERTIFICATE = {"format", "claim", "contingencies", "discount", "joint", "lowest", "sha256"}


def check_transfers(data: dict[str, Any]) -> Generator[tuple[str, str | None]]:
    """Yield each claim with the place where it fails, or None; stops at the first failure."""
    claim = "game: contingencies and discount factor read"
    try:
        read_object(data, _CERTIFICATE)
        chances, games = read_contingencies(data["contingencies"])
        profiles = list(map(_profiles, games))
        discount = read_fraction(data["discount"])
        if not 0 <= discount < 1:
            raise Failure("the discount factor is not in [0, 1)")
        yield claim, None
        claim = "payoffs: what profiles that can begin an equilibrium sum to and deter with"
        found = _largest(chances, profiles, discount)
        if found is None:
            if data["joint"] is not None or data["lowest"] is not None:
                raise Failure("there is no equilibrium")
        else:
            if read_fraction(data["joint"]) != found[0]:
                raise Failure("equilibrium payoffs sum to another number at most")
            if tuple(map(read_fraction, read_list(data["lowest"]))) != found[1]:
                raise Failure("players can be held down to other payoffs")
        yield claim, None
    except Failure as failure:
        yield claim, str(failure)
    except (ValueError, TypeError, LookupError) as error:
        yield claim, f"cannot be read: {type(error).__name__} {ascii(str(error))[:200]}"


@dataclass(frozen=True, slots=True)
class _Profile:
    """What a profile pays all together, and each player's best deviation from it."""

    joint: Fraction
    deviations: Point

    @property
    def liquidity(self) -> Fraction:
        return sum(self.deviations, Fraction(0)) - self.joint


def _profiles(game: Game) -> list[_Profile]:
    cells = list(product(*map(range, game.shape)))
    tables = [dict(zip(cells, table, strict=True)) for table in game.payoffs]
    found: list[_Profile] = []
    for cell in cells:
        best = [
            max(table[(*cell[:i], a, *cell[i + 1 :])] for a in range(game.shape[i]))
            for i, table in enumerate(tables)
        ]
        found.append(_Profile(sum((table[cell] for table in tables), Fraction(0)), tuple(best)))
    return found


def _largest(
    chances: list[Fraction], profiles: list[list[_Profile]], discount: Fraction
) -> tuple[Fraction, Point] | None:
    """The most that payoffs sum to, and the least each player gets; None without equilibrium."""
    while all(profiles):
        joint = _expected(chances, [max(one.joint for one in own) for own in profiles])
        lowest = tuple(
            _expected(chances, [min(one.deviations[i] for one in own) for own in profiles])
            for i in range(len(profiles[0][0].deviations))
        )
        most = discount * (joint - sum(lowest, Fraction(0)))
        left = [[one for one in own if (1 - discount) * one.liquidity <= most] for own in profiles]
        if left == profiles:
            return joint, lowest
        profiles = left
    return None


def _expected(chances: list[Fraction], values: list[Fraction]) -> Fraction:
    return sum((q * x for q, x in zip(chances, values, strict=True)), Fraction(0))
