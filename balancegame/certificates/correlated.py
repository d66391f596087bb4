"""Check that a distribution is a correlated equilibrium, and that none does better.

The claim
---------
p is a distribution over the profiles s of a game in which each player's *incentives* hold:

- for each of his actions a and b: the sum, over the profiles in which he plays a, of p(s) times
  what he would gain by b, is at most 0 (Aumann 1974);
- or, in a coarse equilibrium, for each action b: the sum over all profiles of p(s) times what he
  would gain by b is at most 0 (Moulin & Vial 1978).

And of all such distributions p has the greatest expectation of f, which is a sum of payoffs times
weights, or a table's number for s; or it has the greatest least payoff.

Why no other does better
------------------------
The certificate gives a multiplier of 0 or more for each incentive. Checked is, for every profile s,

    f(s) - the sum of multipliers times what their incentives gain in s  <=  v.

Take the expectation over any distribution q for which the incentives hold: the sum on the left is
then at most 0, so that q's expectation of f is at most v, which is p's. For the least payoff, f is
a weighted average of payoffs, with the *shares* as weights: the least payoff is never more than
this, so that no q has a least payoff above v either.
"""

from __future__ import annotations

import math
from collections.abc import Generator
from fractions import Fraction
from typing import Any

from .reading import (
    Failure,
    Game,
    read_fraction,
    read_game,
    read_list,
    read_object,
    read_places,
    read_table,
)

_CERTIFICATE = {
    "format", "claim", "coarse", "game", "objective", "distribution", "payoffs", "value",
    "multipliers", "shares", "sha256",
}  # fmt: skip
_OBJECTIVES = {
    "payoffs times weights": {"maximised", "weights"},
    "a table": {"maximised", "table"},
    "the least payoff": {"maximised"},
}
_MULTIPLIER = {"player", "recommended", "deviation", "multiplier"}

Incentive = tuple[int, int | None, int]
"""A player, what he is told (None: anything), and what he plays instead."""


def check_correlated(data: dict[str, Any]) -> Generator[tuple[str, str | None]]:
    """Yield each claim with the place where it fails, or None; stops at the first failure."""
    claim = "game: payoffs and objective read"
    try:
        read_object(data, _CERTIFICATE)
        if type(data["coarse"]) is not bool:
            raise Failure("it is not said whether the equilibrium is coarse")
        game = read_game(data["game"])
        weights, table = _read_objective(data["objective"], game)
        yield claim, None
        claim = "distribution: probabilities above 0, with sum 1"
        chances = _read_distribution(data["distribution"], game)
        yield claim, None
        claim = "incentives: nobody gains by another action"
        _check_incentives(game, chances, coarse=data["coarse"])
        yield claim, None
        claim = "value: what the distribution attains"
        payoffs = [_expected(one, chances) for one in game.payoffs]
        if payoffs != [read_fraction(one) for one in read_list(data["payoffs"])]:
            raise Failure("the expected payoffs are not those stated")
        value = read_fraction(data["value"])
        if value != _value(payoffs, chances, weights, table):
            raise Failure("the value is not the one stated")
        yield claim, None
        claim = "optimal: at the multipliers no profile is worth more than the value"
        shares = _read_shares(data["shares"], game, least=weights is None and table is None)
        multipliers = _read_multipliers(data["multipliers"], game, coarse=data["coarse"])
        _check_optimal(game, weights or shares, table, multipliers, value)
        yield claim, None
    except Failure as failure:
        yield claim, str(failure)
    except (ValueError, TypeError, LookupError) as error:
        yield claim, f"cannot be read: {type(error).__name__} {ascii(str(error))[:200]}"


def _read_objective(given: Any, game: Game) -> tuple[list[Fraction] | None, list[Fraction] | None]:
    """Weights, or a table, or neither: the least payoff."""
    kind = given["maximised"] if type(given) is dict and "maximised" in given else None
    if type(kind) is not str or kind not in _OBJECTIVES:
        raise Failure("what is maximised is not said")
    read_object(given, _OBJECTIVES[kind])
    if kind == "payoffs times weights":
        weights = read_list(given["weights"], len(game.shape))
        return [read_fraction(weight) for weight in weights], None
    if kind == "a table":
        return None, read_table(given["table"], game.shape)
    return None, None


def _read_distribution(given: Any, game: Game) -> dict[int, Fraction]:
    """Probabilities by the profile's place in the payoff lists."""
    chances: dict[int, Fraction] = {}
    for one in read_list(given):
        read_object(one, {"profile", "probability"})
        profile = read_places(one["profile"], len(game.shape))
        place = 0
        for action, m in zip(profile, game.shape, strict=True):
            if action >= m:
                raise Failure(f"profile {profile} does not exist")
            place = place * m + action
        if place in chances:
            raise Failure(f"profile {profile} occurs twice")
        chances[place] = read_fraction(one["probability"])
        if chances[place] <= 0:
            raise Failure(f"the probability of {profile} is not positive")
    if sum(chances.values()) != 1:
        raise Failure("the sum of probabilities is not 1")
    return chances


def _check_incentives(game: Game, chances: dict[int, Fraction], *, coarse: bool) -> None:
    for player, m in enumerate(game.shape):
        payoffs = game.payoffs[player]
        stride = math.prod(game.shape[player + 1 :])
        gains: dict[tuple[int | None, int], Fraction] = {}
        for place, chance in chances.items():
            told = place // stride % m
            for b in range(m):
                key = (None if coarse else told, b)
                gain = payoffs[place + (b - told) * stride] - payoffs[place]
                gains[key] = gains.get(key, Fraction(0)) + chance * gain
        for (told, b), gain in gains.items():
            if gain > 0:
                instead = "" if told is None else f" instead of {told}"
                raise Failure(f"player {player} gains by action {b}{instead}")


def _expected(values: list[Fraction], chances: dict[int, Fraction]) -> Fraction:
    return sum((chance * values[place] for place, chance in chances.items()), start=Fraction(0))


def _value(
    payoffs: list[Fraction],
    chances: dict[int, Fraction],
    weights: list[Fraction] | None,
    table: list[Fraction] | None,
) -> Fraction:
    if table is not None:
        return _expected(table, chances)
    if weights is None:
        return min(payoffs)
    pairs = zip(weights, payoffs, strict=True)
    return sum((weight * payoff for weight, payoff in pairs), start=Fraction(0))


def _read_shares(given: Any, game: Game, *, least: bool) -> list[Fraction]:
    """The players' weights in an average; none unless the least payoff is maximised."""
    shares = [read_fraction(share) for share in read_list(given, len(game.shape) if least else 0)]
    if least and (min(shares) < 0 or sum(shares) != 1):
        raise Failure("the shares are negative, or their sum is not 1")
    return shares


def _read_multipliers(given: Any, game: Game, *, coarse: bool) -> dict[Incentive, Fraction]:
    multipliers: dict[Incentive, Fraction] = {}
    for place, one in enumerate(read_list(given)):
        read_object(one, _MULTIPLIER)
        player, b = read_places([one["player"], one["deviation"]])
        told = read_places(one["recommended"], 0 if coarse else 1)
        if player >= len(game.shape) or max(b, *told, 0) >= game.shape[player]:
            raise Failure(f"multiplier {place} is of a player or action that does not exist")
        key = (player, told[0] if told else None, b)
        if key in multipliers:
            raise Failure(f"multiplier {place} occurs twice")
        multipliers[key] = read_fraction(one["multiplier"])
        if multipliers[key] < 0:
            raise Failure(f"multiplier {place} is negative")
    return multipliers


def _check_optimal(
    game: Game,
    weights: list[Fraction],
    table: list[Fraction] | None,
    multipliers: dict[Incentive, Fraction],
    value: Fraction,
) -> None:
    """Each profile's worth less what its incentives are charged is at most the value.

    All in integers, over one common denominator.
    """
    n = math.prod(game.shape)
    scales = [math.lcm(*{value.denominator for value in one}) for one in game.payoffs]
    payoffs = [
        [value.numerator * (scale // value.denominator) for value in one]
        for one, scale in zip(game.payoffs, scales, strict=True)
    ]
    factors = {key: factor / scales[key[0]] for key, factor in multipliers.items()}
    parts = [weight / scale for weight, scale in zip(weights, scales, strict=False)]
    below = [value, *factors.values(), *parts, *(table or ())]
    common = math.lcm(*{one.denominator for one in below})
    worth = [int(number * common) for number in table] if table is not None else [0] * n
    for own, part in zip(payoffs, parts, strict=False):
        factor = int(part * common)
        if factor:
            worth = [one + factor * payoff for one, payoff in zip(worth, own, strict=True)]
    for (player, told, b), multiplier in factors.items():
        _charge(worth, payoffs[player], game.shape, player, told, b, int(multiplier * common))
    bound = int(value * common)
    place = next((place for place, one in enumerate(worth) if one > bound), None)
    if place is not None:
        raise Failure(f"profile number {place} is worth more")


def _charge(
    worth: list[int],
    payoffs: list[int],
    shape: tuple[int, ...],
    player: int,
    told: int | None,
    b: int,
    factor: int,
) -> None:
    """Take from each profile's worth `factor` times what the player gains by b in it."""
    m, stride = shape[player], math.prod(shape[player + 1 :])
    for a in range(m) if told is None else (told,):
        if a == b:
            continue
        for start in range(0, len(worth), m * stride):
            for place in range(start + a * stride, start + (a + 1) * stride):
                worth[place] -= factor * (payoffs[place + (b - a) * stride] - payoffs[place])
