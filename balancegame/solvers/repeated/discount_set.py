"""Sets of discount factors: finite unions of intervals in [0, 1) with exact ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import escape
from typing import Any, final

from flint import fmpz_poly

from balancegame._numbers import exactly, parse_number
from balancegame._records import record_repr
from balancegame.errors import InvalidDiscountError
from balancegame.games.narrow_text import wrapped
from balancegame.solvers.repeated.algebraic_numbers import (
    Real,
    compare,
    number_dict,
    number_text,
    roots_between_0_and_1,
)

_ZERO, _ONE = Fraction(0), Fraction(1)


@final
@dataclass(frozen=True, slots=True)
class DiscountInterval:
    """An interval of discount factors.

    Attributes
    ----------
    lower, upper : Fraction or AlgebraicNumber
    lower_closed, upper_closed : bool
        Whether the end belongs to it. The end 1 never does.
    """

    lower: Real
    upper: Real
    lower_closed: bool = True
    upper_closed: bool = True

    __repr__ = record_repr

    @property
    def is_point(self) -> bool:
        """Whether it is a single discount factor."""
        return self.lower == self.upper

    def __contains__(self, number: Real) -> bool:
        below, above = compare(self.lower, number), compare(number, self.upper)
        return (below < 0 or (below == 0 and self.lower_closed)) and (
            above < 0 or (above == 0 and self.upper_closed)
        )

    def __str__(self) -> str:
        if self.is_point:
            return f"{{{number_text(self.lower)}}}"
        left, right = "(["[self.lower_closed], ")]"[self.upper_closed]
        return f"{left}{number_text(self.lower)}, {number_text(self.upper)}{right}"

    def to_dict(self) -> dict[str, Any]:
        """The interval in plain types."""
        return {
            "lower": number_dict(self.lower),
            "upper": number_dict(self.upper),
            "lower_closed": self.lower_closed,
            "upper_closed": self.upper_closed,
        }


@final
@dataclass(frozen=True, slots=True)
class DiscountSet(Sequence[DiscountInterval]):
    """A set of discount factors: disjoint intervals in ascending order.

    Attributes
    ----------
    intervals : tuple of DiscountInterval

    Examples
    --------
    >>> import balancegame as bg
    >>> found = bg.sustaining_discounts(bg.tit_for_tat(bg.ally_game(2, 2, 1, 0)))
    >>> found.sustaining, "1/2" in found.sustaining, 0.6 in found.sustaining
    (DiscountSet: {1/2}, True, False)
    """

    intervals: tuple[DiscountInterval, ...]

    @property
    def infimum(self) -> Real | None:
        """The lower end; None if the set is empty."""
        return self.intervals[0].lower if self.intervals else None

    @property
    def has_least(self) -> bool:
        """Whether the lower end belongs to the set."""
        return bool(self.intervals) and self.intervals[0].lower_closed

    @property
    def is_empty(self) -> bool:
        """Whether there is none."""
        return not self.intervals

    def intersection(self, other: DiscountSet) -> DiscountSet:
        """What belongs to both."""
        return DiscountSet(tuple(_common(self.intervals, other.intervals)))

    def starts_at(self, number: Real) -> bool:
        """Whether an interval starts at a number: it belongs to the set, and nothing just below."""
        return any(compare(one.lower, number) == 0 for one in self.intervals)

    def __contains__(self, discount: object) -> bool:
        number = (
            discount
            if isinstance(discount, Real)
            else exactly(parse_number(discount, "discount", InvalidDiscountError))
        )
        return any(number in one for one in self.intervals)

    def __getitem__(self, index: Any) -> Any:
        return self.intervals[index]

    def __len__(self) -> int:
        return len(self.intervals)

    def __iter__(self) -> Iterator[DiscountInterval]:
        return iter(self.intervals)

    def __str__(self) -> str:
        return " and ".join(map(str, self.intervals)) or "empty"

    def __repr__(self) -> str:
        return wrapped(f"DiscountSet: {self}")

    def _repr_html_(self) -> str:
        return f"<p>{escape(repr(self))}</p>"

    def to_dict(self) -> list[dict[str, Any]]:
        """The intervals in plain types, ready for JSON."""
        return [one.to_dict() for one in self.intervals]


ALL = DiscountSet((DiscountInterval(_ZERO, _ONE, lower_closed=True, upper_closed=False),))
"""Every discount factor: [0, 1)."""
NONE = DiscountSet(())
"""No discount factor."""


def from_on(number: Real) -> DiscountSet:
    """All discount factors from a number on; none if it is 1 or more."""
    if compare(number, _ONE) >= 0:
        return NONE
    return DiscountSet((DiscountInterval(number, _ONE, lower_closed=True, upper_closed=False),))


def where_nonnegative(polynomial: fmpz_poly) -> DiscountSet:
    """The discount factors where a polynomial is at least 0."""
    coefficients = [int(c) for c in polynomial.coeffs()]
    if not coefficients:
        return ALL
    positive = next(c for c in coefficients if c) > 0  # just above 0
    ends = [(_ZERO, 0), *roots_between_0_and_1(polynomial)]
    found: list[DiscountInterval] = []
    start: Real | None = _ZERO if positive else None
    if not positive and coefficients[0] == 0:
        found.append(DiscountInterval(_ZERO, _ZERO))
    for root, multiplicity in ends[1:]:
        turns = multiplicity % 2 == 1
        if start is None:
            start = root if turns else None
            if not turns:
                found.append(DiscountInterval(root, root))
        elif turns:
            found.append(DiscountInterval(start, root))
            start = None
    if start is not None:
        found.append(DiscountInterval(start, _ONE, lower_closed=True, upper_closed=False))
    return DiscountSet(tuple(found))


def _common(
    ours: Sequence[DiscountInterval], theirs: Sequence[DiscountInterval]
) -> Iterator[DiscountInterval]:
    a = b = 0
    while a < len(ours) and b < len(theirs):
        one, other = ours[a], theirs[b]
        starts = compare(one.lower, other.lower)
        lower = one.lower if starts >= 0 else other.lower
        lower_closed = (
            one.lower_closed and other.lower_closed
            if starts == 0
            else (one if starts > 0 else other).lower_closed
        )
        ends = compare(one.upper, other.upper)
        upper = one.upper if ends <= 0 else other.upper
        upper_closed = (
            one.upper_closed and other.upper_closed
            if ends == 0
            else (one if ends < 0 else other).upper_closed
        )
        size = compare(lower, upper)
        if size < 0 or (size == 0 and lower_closed and upper_closed):
            yield DiscountInterval(lower, upper, lower_closed, upper_closed)
        if ends <= 0:
            a += 1
        if ends >= 0:
            b += 1
