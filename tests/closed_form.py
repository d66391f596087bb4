"""Generic 2 x 2 x 2 games in closed form: how many equilibria, in exact rationals.

Let p, q, r be the probabilities of the players' second actions: each one's gain by it is bilinear
in the others'. Nobody can mix alone; two who mix solve a linear equation each; for three, two gains
give q and r as fractions of p, and the third a quadratic in p.
"""

from __future__ import annotations

import itertools
from fractions import Fraction

import balancegame as bg


class NotGeneric(Exception):
    """Some sign is 0: the formulas do not say how many equilibria there are."""


def count(game: bg.NormalFormGame) -> int:
    """The number of equilibria of a generic game of three players with two actions each."""
    gains = gains_of(game)
    pure = sum(_is_strict(gains, profile) for profile in itertools.product((0, 1), repeat=3))
    pairs = sum(_two_mix(gains, k, a) for k in range(3) for a in (0, 1))
    return pure + pairs + count_totally_mixed(gains)


def gains_of(game: bg.NormalFormGame) -> list[list[list[Fraction]]]:
    """For player i and the others' actions, in their order, what his second action gains."""
    payoffs = game.exact_payoffs
    return [
        [
            [
                Fraction(payoffs[(i, *_with(i, 1, s, t))] - payoffs[(i, *_with(i, 0, s, t))])
                for t in (0, 1)
            ]
            for s in (0, 1)
        ]
        for i in range(3)
    ]


def _with(i, own, *others):
    return (*others[:i], own, *others[i:])


def _sign(value: Fraction) -> int:
    if value == 0:
        raise NotGeneric
    return 1 if value > 0 else -1


def _is_strict(gains, profile) -> bool:
    signs = [_sign(_gain(gains, i, profile)) for i in range(3)]
    return all((sign > 0) == (a == 1) for sign, a in zip(signs, profile, strict=True))


def _gain(gains, i, profile):
    s, t = (chance for j, chance in enumerate(profile) if j != i)
    (a, b), (c, d) = gains[i]
    return (1 - s) * ((1 - t) * a + t * b) + s * ((1 - t) * c + t * d)


def _two_mix(gains, k, a) -> bool:
    i, j = (one for one in range(3) if one != k)
    profile: list = [None] * 3
    profile[k] = Fraction(a)
    for one, other in ((i, j), (j, i)):
        ends = []
        for b in (0, 1):
            trial = list(profile)
            trial[one], trial[other] = Fraction(0), Fraction(b)
            ends.append(_gain(gains, one, trial))
        if _sign(ends[0]) == _sign(ends[1]):
            return False
        profile_at = -ends[0] / (ends[1] - ends[0])
        if other == j:
            at_j = profile_at
        else:
            at_i = profile_at
    profile[i], profile[j] = at_i, at_j
    return (_sign(_gain(gains, k, profile)) > 0) == (a == 1)


def count_totally_mixed(gains) -> int:
    """The number of equilibria in which all three mix: 0, 1 or 2."""
    quadratic, lines = _eliminated(gains)
    breaks = sorted({Fraction(0), Fraction(1), *(-u / v for u, v in lines if v and 0 < -u / v < 1)})
    for at in breaks:
        _sign(_polynomial(quadratic, at))
    return sum(
        _roots_between(quadratic, low, high)
        for low, high in itertools.pairwise(breaks)
        if _holds(lines, (low + high) / 2)
    )


def _eliminated(gains):
    """A quadratic in p, and lines in p whose signs say whether q and r are probabilities.

    q = -N1 / M1 and r = -N2 / M2 with the lines N1, M1, N2, M2.
    """
    coefficients = [(a, c - a, b - a, a - b - c + d) for (a, b), (c, d) in gains]
    const0, by_q, by_r, by_qr = coefficients[0]
    const1, by_p1, by_r1, by_pr = coefficients[1]
    const2, by_p2, by_q2, by_pq = coefficients[2]
    above_r, below_r = (const1, by_p1), (by_r1, by_pr)
    above_q, below_q = (const2, by_p2), (by_q2, by_pq)
    terms = [
        (const0, below_q, below_r),
        (-by_q, above_q, below_r),
        (-by_r, above_r, below_q),
        (by_qr, above_q, above_r),
    ]
    quadratic = [Fraction(0)] * 3
    for factor, (u, v), (w, x) in terms:
        quadratic[0] += factor * u * w
        quadratic[1] += factor * (u * x + v * w)
        quadratic[2] += factor * v * x
    lines = [above_q, below_q, _sum(above_q, below_q), above_r, below_r, _sum(above_r, below_r)]
    return quadratic, lines


def _sum(first, second):
    return first[0] + second[0], first[1] + second[1]


def _holds(lines, at) -> bool:
    """Whether q and r lie between 0 and 1, as -above / below does iff 0 < -above / below < 1."""
    above_q, below_q, both_q, above_r, below_r, both_r = (_sign(u + v * at) for u, v in lines)
    return above_q != below_q == both_q and above_r != below_r == both_r


def _polynomial(coefficients, at):
    return sum(c * at**k for k, c in enumerate(coefficients))


def _roots_between(quadratic, low, high) -> int:
    """How often a quadratic is 0 between two places where it is not."""
    if _sign(_polynomial(quadratic, low)) != _sign(_polynomial(quadratic, high)):
        return 1
    _, b, a = quadratic
    if a == 0 or not low < -b / (2 * a) < high:
        return 0
    turned = _sign(_polynomial(quadratic, -b / (2 * a)))
    return 2 if turned != _sign(_polynomial(quadratic, low)) else 0
