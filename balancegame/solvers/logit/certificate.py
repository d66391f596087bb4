"""Write the certificate that a logit equilibrium lies near a profile.

Its format: docs/certificates.md. What it proves, and how that is checked:
`balancegame.certificates.quantal_response`, which shares no code with the solver.

The solver's logs are refined by Newton's method with one matrix, the inverse of the derivatives in
floats, and equations computed in integers; each round gains some ten digits.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from balancegame._progress import report
from balancegame.certificates.certificate import Certificate, encode, encode_fraction
from balancegame.certificates.verification import FORMAT, verify
from balancegame.errors import ConvergenceError, TableTooLargeError
from balancegame.games.normal_form import NormalFormGame
from balancegame.solvers.logit.log_odds import log_odds
from balancegame.solvers.logit.system import LogitSystem
from balancegame.solvers.written_game import written_game

if TYPE_CHECKING:
    from flint import arb

    from balancegame.solvers.logit.quantal_response import QuantalResponse

_MOST_PAYOFFS = 100_000
_MOST_ACTIONS = 200
_BITS = 128  # of logs and probabilities
_MATRIX_BITS = 64
_ROUNDS = 12
_MARGIN = 4  # the radius tried first, over the last correction
_TRIALS = 4

Integers = NDArray[np.object_]


def write(result: QuantalResponse) -> Certificate:
    """The certificate of a quantal response; its own checker has found it to hold."""
    game = result.game
    if game.payoffs.size > _MOST_PAYOFFS or sum(game.shape) > _MOST_ACTIONS:
        message = (
            f"the game has {game.payoffs.size:,} payoffs and {sum(game.shape):,} actions; "
            f"certificates of quantal responses are written up to {_MOST_PAYOFFS:,} and "
            f"{_MOST_ACTIONS}: error_bound holds without one"
        )
        raise TableTooLargeError(message)
    refined = _Refinement(result)
    radius = _MARGIN * refined.run() + Fraction(1 + refined.scale, 1 << _BITS - 16)
    for trial in range(_TRIALS):
        report("certificate, radii tried", trial, _TRIALS)
        if radius > Fraction(1, 1 << 8):
            break
        certificate = Certificate(_data(result, refined, radius))
        if verify(certificate).ok:
            return certificate
        radius *= 1 << 8
    message = (
        f"no ball about the quantal response at precision {result.precision} could be proven to "
        "hold just one: the branch turns there, or meets another; choose another precision"
    )
    raise ConvergenceError(message)


def _data(result: QuantalResponse, refined: _Refinement, radius: Fraction) -> dict[str, Any]:
    whole, profile = 1 << _BITS, refined.parts(refined.chances)
    # Each probability is within it: exp(r) - 1 is at most 1.01 r for these r.
    outer = Fraction(102, 100) * radius + Fraction(1, 1 << _BITS - 8)
    return {
        "format": FORMAT,
        "claim": "a quantal response of a game",
        "game": written_game(result.game),
        "precision": encode_fraction(result.exact_precision),
        "profile": [[encode_fraction(Fraction(one, whole)) for one in part] for part in profile],
        "radius": encode_fraction(_short(outer)),
        "logs": [
            [encode_fraction(Fraction(one, whole)) for one in part]
            for part in refined.parts(refined.logs)
        ],
        "log_radius": encode_fraction(_short(radius)),
        "references": list(refined.references),
        "inverse": {
            "bits": _MATRIX_BITS,
            "rows": [[encode(value) for value in row] for row in refined.inverse.tolist()],
        },
    }


def _short(value: Fraction) -> Fraction:
    """A little more, of few digits."""
    place = value.denominator.bit_length() - value.numerator.bit_length() + 8
    return Fraction(math.ceil(value * (1 << place)), 1 << place)


class _Refinement:
    """Logs and probabilities as integers in units of 2^-_BITS, and steps towards the zero."""

    def __init__(self, result: QuantalResponse) -> None:
        game, system = result.game, LogitSystem(result.game)
        self._game, self._precision = game, result.exact_precision
        self._tables = [_integers(game, i) for i in range(game.n_players)]
        self._starts = system.starts.tolist()
        logs = np.concatenate(result.log_probabilities)
        values, pairs = system.contract(np.exp(logs))
        t = math.ldexp(result.precision, system.exponent)
        self.scale = math.ceil(t)
        odds = log_odds(system, logs, values, pairs, t)
        self.references = odds.best
        try:
            inverse = np.asarray(np.linalg.inv(odds.jacobian), np.float64)
        except np.linalg.LinAlgError:
            inverse = np.zeros_like(odds.jacobian)
        self.inverse = _fixed(inverse, _MATRIX_BITS)
        self.logs = _fixed(logs, _BITS)
        self.chances = _exponentials(self.logs)

    def parts(self, flat: Integers) -> list[list[int]]:
        """One list a player."""
        return [
            flat[first:end].tolist()
            for first, end in zip(self._starts[:-1], self._starts[1:], strict=True)
        ]

    def run(self) -> Fraction:
        """Refine until corrections no longer shrink; the last correction."""
        last = Fraction(1)
        for _ in range(_ROUNDS):
            step = self.inverse @ self._equations() / (1 << _MATRIX_BITS)
            step = np.array([round(value) for value in step], dtype=object)
            size = Fraction(int(np.abs(step).max()), 1 << _BITS)
            if size >= last / 2:
                return min(size, last)
            last = size
            self.logs = self.logs - step
            self.chances = _exponentials(self.logs)
        return last

    def _equations(self) -> Integers:
        """As the checker has them, in Fractions of units of 2^-_BITS."""
        parts = self.parts(self.chances)
        found: list[Fraction] = []
        for i, (logs, chances) in enumerate(zip(self.parts(self.logs), parts, strict=True)):
            r = self.references[i]
            payoffs = self._payoffs(i, parts)
            found += [
                Fraction(sum(chances) - (1 << _BITS))
                if a == r
                else logs[a] - logs[r] - self._precision * (payoffs[a] - payoffs[r]) * (1 << _BITS)
                for a in range(len(logs))
            ]
        return np.array(found, dtype=object)

    def _payoffs(self, player: int, parts: list[list[int]]) -> list[Fraction]:
        """A player's payoffs from each of his actions, exactly."""
        values, unit = self._tables[player]
        for j in range(self._game.n_players - 1, -1, -1):
            if j != player:
                values = np.tensordot(values, np.array(parts[j], dtype=object), (j, 0))
        unit <<= _BITS * (self._game.n_players - 1)
        return [Fraction(value, unit) for value in values.tolist()]


def _integers(game: NormalFormGame, player: int) -> tuple[Integers, int]:
    """A player's payoffs as integers over one denominator."""
    table = game.exact_payoffs[player]
    unit = math.lcm(*{value.denominator for value in table.ravel().tolist()})
    scaled = np.empty(table.shape, dtype=object)
    scaled.reshape(-1)[:] = [
        value.numerator * (unit // value.denominator) for value in table.ravel().tolist()
    ]
    return scaled, unit


def _fixed(floats: NDArray[np.float64], bits: int) -> Integers:
    """Floats to the nearest multiple of 2^-bits."""
    found = np.empty(floats.shape, dtype=object)
    found.reshape(-1)[:] = [
        round(Fraction(value) * (1 << bits)) if math.isfinite(value) else 0
        for value in floats.ravel().tolist()
    ]
    return found


def _exponentials(logs: Integers) -> Integers:
    """Nearest to the exponentials, all in units of 2^-_BITS."""
    from flint import arb, ctx, fmpq  # noqa: PLC0415 (slow to load)

    before, ctx.prec = ctx.prec, 2 * _BITS
    try:
        found = [
            0
            if one < -_BITS << _BITS
            else _floor((arb(fmpq(int(one), 1 << _BITS)).exp() * (1 << _BITS)).mid())
            for one in logs.tolist()
        ]
    finally:
        ctx.prec = before
    return np.array(found, dtype=object)


def _floor(value: arb) -> int:
    mantissa, exponent = (int(one) for one in value.man_exp())
    return mantissa << exponent if exponent >= 0 else mantissa >> -exponent
