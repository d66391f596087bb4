"""A certificate: what was claimed, and the evidence, as plain data that goes to a JSON file."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from os import PathLike
from pathlib import Path
from typing import Any

_NO_DIGEST = "0" * 64
_HEXADECIMAL = re.compile(r"-?0x[0-9a-f]+", re.ASCII)
# JSON numbers beyond this are not read alike everywhere; longer ones are written in hexadecimal.
_PLAIN = 1 << 53
_SHOWN = 60  # letters of a claim in print


@dataclass(frozen=True, slots=True, repr=False)
class Certificate:
    """Evidence that can be re-checked without a solver.

    Attributes
    ----------
    data : mapping
        What docs/certificates.md describes, without the digest.

    Examples
    --------
    >>> import balancegame as bg
    >>> game = bg.NormalFormGame.from_arrays([[2, 0], [0, 1]], [[1, 0], [0, 2]])
    >>> certificate = bg.nash_equilibria(game).certificate
    >>> bg.verify(certificate).ok
    True
    """

    data: Mapping[str, Any]

    def __repr__(self) -> str:
        claim = str(self.data.get("claim"))
        return f"Certificate: {claim if len(claim) <= _SHOWN else f'{claim[: _SHOWN - 4]} ...'}"

    def to_json(self) -> str:
        """The certificate as JSON text, with a digest of itself."""
        data = {key: value for key, value in self.data.items() if key != "sha256"}
        text = json.dumps({**data, "sha256": _NO_DIGEST}, ensure_ascii=False)
        # Long runs of zeros can occur in the numbers as well: the digest is the last.
        place = text.rindex(_NO_DIGEST)
        return text[:place] + digest(text) + text[place + len(_NO_DIGEST) :]

    def save(self, path: str | PathLike[str]) -> None:
        """Write the JSON text to a file."""
        Path(path).write_text(self.to_json() + "\n", encoding="utf-8")


def digest(text: str) -> str:
    """SHA-256 of a certificate's text, its own digest zeroed and blanks at the end left off."""
    return hashlib.sha256(text.rstrip().encode("utf-8", "surrogatepass")).hexdigest()


def encode(number: int) -> int | str:
    """An integer as certificates write it: plain while short, in hexadecimal text beyond."""
    return number if -_PLAIN < number < _PLAIN else hex(number)


def encode_fraction(number: Fraction) -> int | str:
    """A rational as certificates write it: an integer, or ``above/below`` in hexadecimal."""
    if number.denominator == 1:
        return encode(number.numerator)
    return f"{hex(number.numerator)}/{hex(number.denominator)}"


def decode(written: object) -> int:
    """The integer that was written; ValueError if it was written in another way."""
    if type(written) is int:
        return written
    if type(written) is str and _HEXADECIMAL.fullmatch(written):
        return int(written, 16)
    message = f"{ascii(written)[:40]} is no integer"
    raise ValueError(message)
