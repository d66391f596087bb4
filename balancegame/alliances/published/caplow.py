"""Coalitions in triads, after Caplow (1956, 1959) and Gamson (1961)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import final

from balancegame._numbers import format_fraction
from balancegame.alliances.amounts import Amounts, read_amounts
from balancegame.alliances.published.published_result import PublishedResult
from balancegame.errors import InvalidShapeError
from balancegame.games.rendering import Rows

Pair = tuple[str, str]

# Caplow's eight types, with A >= B >= C: the order within, the pairs' standing, who may ally.
_TYPES = {
    1: ("A = B = C", ("AB", "AC", "BC")),
    2: ("A > B = C, A < B + C", ("BC",)),
    3: ("A = B > C", ("AC", "BC")),
    4: ("A > B = C, A > B + C", ()),
    5: ("A > B > C, A < B + C", ("AC", "BC")),
    6: ("A > B > C, A > B + C", ()),
    7: ("A > B > C, A = B + C", ("AB", "AC")),
    8: ("A > B = C, A = B + C", ("AB", "AC")),
}


@final
@dataclass(frozen=True, slots=True, repr=False)
class CaplowTriad(PublishedResult):
    """The type of a triad, and which of its coalitions are predicted.

    Attributes
    ----------
    states : tuple of three str
        From the strongest to the weakest; equals in the order given.
    strengths : tuple of three Fraction
        In that order.
    kind : int
        Caplow's type, 1 to 8.
    """

    states: tuple[str, ...]
    strengths: tuple[Fraction, ...]
    kind: int

    @property
    def description(self) -> str:
        """The type in letters, A being the strongest."""
        return _TYPES[self.kind][0]

    @property
    def caplow(self) -> tuple[Pair, ...]:
        """The coalitions Caplow predicts, each of which may form; empty for none."""
        places = [("ABC".index(a), "ABC".index(b)) for a, b in _TYPES[self.kind][1]]
        return tuple((self.states[i], self.states[j]) for i, j in places)

    @property
    def gamson(self) -> tuple[Pair, ...]:
        """The cheapest winning coalitions: pairs with more than half, and no more than needed.

        Empty where one state alone holds more than half.
        """
        total = sum(self.strengths)
        if 2 * self.strengths[0] > total:
            return ()
        held = {(i, j): self.strengths[i] + self.strengths[j] for i, j in combinations(range(3), 2)}
        least = min(size for size in held.values() if 2 * size > total)
        return tuple(
            (self.states[i], self.states[j]) for (i, j), size in held.items() if size == least
        )

    def _caption(self) -> str:
        held = ", ".join(
            f"{state} {format_fraction(strength)}"
            for state, strength in zip(self.states, self.strengths, strict=True)
        )
        return f"Triad of type {self.kind} ({self.description}): {held}"

    def _rows(self) -> Rows:
        def text(pairs: tuple[Pair, ...]) -> str:
            return " or ".join(" + ".join(pair) for pair in pairs) or "none"

        return [
            ["theory", "coalition"],
            ["Caplow", text(self.caplow)],
            ["Gamson", text(self.gamson)],
        ]


def caplow_triad(strengths: Amounts) -> CaplowTriad:
    """Which two of three will ally, by how their strengths compare.

    Caplow's members seek control: a coalition controls whoever is weaker, and within it the
    stronger controls the weaker. Gamson's seek the largest share of what a coalition wins, which is
    in proportion to strength, and so the cheapest coalition that wins.

    The types and Caplow's predictions are stated from memory, not checked against his tables.
    Gamson's column is computed from his principle with winning taken as more than half.

    Parameters
    ----------
    strengths : sequence of three positive numbers, mapping {state: number}, or World

    Returns
    -------
    CaplowTriad

    Raises
    ------
    InvalidShapeError
        Not three states.
    InvalidPowerError

    References
    ----------
    T. Caplow (1956), "A theory of coalitions in the triad", American Sociological Review 21,
    489-493; (1959), "Further development of a theory of coalitions in the triad", American Journal
    of Sociology 64, 488-493. W. Gamson (1961), "A theory of coalition formation", American
    Sociological Review 26, 373-382.

    Examples
    --------
    >>> import balancegame as bg
    >>> bg.published.caplow_triad({"X": 2, "Y": 4, "Z": 3})
    Triad of type 5 (A > B > C, A < B + C): Y 4, Z 3, X 2
      theory  coalition
      Caplow  Y + X or Z + X
      Gamson  Z + X
    """
    names, held = read_amounts(strengths, "strengths")
    if len(names) != 3:
        message = f"strengths has {len(names)} entries; a triad has three"
        raise InvalidShapeError(message)
    order = sorted(range(3), key=lambda i: -held[i])
    a, b, c = (held[i] for i in order)
    return CaplowTriad(tuple(names[i] for i in order), (a, b, c), _type_of(a, b, c))


def _type_of(a: Fraction, b: Fraction, c: Fraction) -> int:
    if a == b:
        return 1 if b == c else 3
    if a == b + c:
        return 8 if b == c else 7
    if a < b + c:
        return 2 if b == c else 5
    return 4 if b == c else 6
