"""Read a certificate, check its claims one by one, and say which failed and where."""

from __future__ import annotations

import json
import re
import sys
import textwrap
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

from .automata import check_automaton
from .certificate import Certificate, digest
from .correlated import check_correlated
from .dominance import check_dominance
from .many_players import check_many_players
from .minmax import check_minmax
from .payoff_polytopes import check_payoff_polytopes
from .payoff_sets import check_payoff_set
from .quantal_response import check_quantal_response
from .rationalizable import check_rationalizable
from .transfers import check_transfers
from .two_player import check_two_player

FORMAT = "balancegame certificate, version 1"
_LARGEST_FILE = 1 << 30  # bytes
_DIGEST = re.compile(r'"sha256": "([0-9a-f]{64})"')

Claims = Generator[tuple[str, str | None]]
"""Claims in the order they are checked, each with where it failed, or None where it holds."""

_CHECKERS: dict[str, Callable[[dict[str, Any]], Claims]] = {
    "all equilibria of a two-player game": check_two_player,
    "all equilibria of a game of any number of players": check_many_players,
    "an optimal correlated equilibrium of a game": check_correlated,
    "iterated dominance in a game": check_dominance,
    "rationalizable actions of a game": check_rationalizable,
    "bounds on a minmax value": check_minmax,
    "a quantal response of a game": check_quantal_response,
    "subgame-perfect payoffs of a repeated game of two players": check_payoff_set,
    "payoffs of subgame-perfect equilibria of a repeated game": check_payoff_polytopes,
    "payoffs of a repeated game with transfers": check_transfers,
    "one-shot deviations from an automaton": check_automaton,
}


@dataclass(frozen=True, slots=True, repr=False)
class Verification:
    """What became of a certificate's claims.

    Attributes
    ----------
    subject : str
        What the certificate is about; empty if that could not be read.
    checked : tuple of str
        The claims that hold, in the order they were checked.
    failed : tuple of (str, str)
        Claims that do not, each with the place where it failed. Claims that depend on a failed
        one are not checked.
    """

    subject: str
    checked: tuple[str, ...]
    failed: tuple[tuple[str, str], ...]

    @property
    def ok(self) -> bool:
        """Whether every claim holds."""
        return not self.failed

    def __repr__(self) -> str:
        lines = [f"Certificate: {self.subject or 'unreadable'}"]
        lines += [f"  holds   {claim}" for claim in self.checked]
        lines += [f"  FAILED  {claim}: {place}" for claim, place in self.failed]
        lines.append("All claims hold." if self.ok else "The certificate proves nothing.")
        return "\n".join(
            textwrap.fill(line, 80, subsequent_indent=" " * 12, break_long_words=False)
            for line in lines
        )


def verify(subject: object) -> Verification:
    """Re-check a certificate with integers and look-ups alone, without any solver.

    Parameters
    ----------
    subject : result, Certificate, str or path
        A solver's result, its `certificate`, or the path of a file with one.

    Returns
    -------
    Verification
        `ok`, and in `failed` every claim that does not hold, with its place.

    Raises
    ------
    ValueError
        The result carries no certificate; or the file is larger than 1 GiB.
    OSError
        The file cannot be read.
    """
    return verify_text(_text(subject))


def verify_text(text: str) -> Verification:
    """Re-check a certificate given as JSON text."""
    subject, checked, failed = "", [], []
    try:
        data = json.loads(
            text, parse_constant=_refuse, parse_float=_refuse, object_pairs_hook=_unrepeated
        )
        if not isinstance(data, dict) or data.get("format") != FORMAT:
            message = f"this is not a {FORMAT}"
            raise ValueError(message)
        claim = str(data.get("claim"))
        check = _CHECKERS.get(claim)
        if check is None:
            message = f"there is no checker for {ascii(claim)[:80]}"
            raise ValueError(message)
    except (ValueError, RecursionError) as error:
        return Verification("", (), (("format", str(error)),))
    subject = claim
    for name, place in (_check_digest(text), *_claims(check, data)):
        if place is None:
            checked.append(name)
        else:
            failed.append((name, place))
    return Verification(subject, tuple(checked), tuple(failed))


def _check_digest(text: str) -> tuple[str, str | None]:
    found = list(_DIGEST.finditer(text))
    if not found:
        return "text: as it was written", "it has no digest"
    start, end = found[-1].span(1)
    blank = text[:start] + "0" * (end - start) + text[end:]
    if digest(blank) == found[-1][1]:
        return "text: as it was written", None
    return "text: as it was written", "the digest differs: some character was altered"


def _claims(
    check: Callable[[dict[str, Any]], Claims], data: dict[str, Any]
) -> Generator[tuple[str, str | None]]:
    """The claims of a checker; data it cannot read is a failure of the claim it was at."""
    try:
        yield from check(data)
    except (ValueError, TypeError, LookupError, ArithmeticError, RecursionError) as error:
        yield "format", f"{type(error).__name__}: {ascii(str(error))[:200]}"


def _unrepeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object in which no key occurs twice: readers differ in which one counts."""
    found = dict(pairs)
    if len(found) != len(pairs):
        message = "a key occurs twice in one object"
        raise ValueError(message)
    return found


def _refuse(written: str) -> object:
    message = f"{written[:40]} is not an integer"
    raise ValueError(message)


def _text(subject: object) -> str:
    if isinstance(subject, str | PathLike):
        path = Path(subject)
        if path.stat().st_size > _LARGEST_FILE:
            message = f"{path} is larger than {_LARGEST_FILE:,} bytes; that is no certificate"
            raise ValueError(message)
        return path.read_text(encoding="utf-8", errors="surrogateescape")
    certificate = subject if isinstance(subject, Certificate) else _certificate_of(subject)
    return certificate.to_json()


def _certificate_of(result: object) -> Certificate:
    try:
        certificate = result.certificate  # pyright: ignore
    except AttributeError:
        message = f"a {type(result).__name__} has no certificate; give a result or a path"
        raise TypeError(message) from None
    if not isinstance(certificate, Certificate):
        message = "this result has no certificate: its method leaves no evidence to re-check"
        raise ValueError(message)
    return certificate


def main(arguments: Sequence[str]) -> int:
    """Check the file named on the command line: 0 if all claims hold, 1 if not.

    2 if there is no such file, or it is too large. A file that is no certificate proves nothing: 1.
    """
    if len(arguments) != 1 or arguments[0].startswith("-"):
        print("usage: python -m balancegame.certificates FILE", file=sys.stderr)
        return 2
    try:
        found = verify(arguments[0])
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    print(found)
    return 0 if found.ok else 1
