"""The discount factors that sustain a profile or a treaty: a result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from html import escape
from typing import Any, final

from balancegame._records import record_repr
from balancegame.games.as_json import AsJson
from balancegame.games.narrow_text import captioned_table, wrapped
from balancegame.games.rendering import html_table, number
from balancegame.games.tabulated import Tabulated
from balancegame.solvers.repeated.algebraic_numbers import Real, number_dict, number_text
from balancegame.solvers.repeated.discount_set import DiscountSet


@final
@dataclass(frozen=True, slots=True)
class CriticalDeviation:
    """The deviation that pays just below a critical discount factor.

    Attributes
    ----------
    player, action, contingency : str
    state : str
        The automaton's state; "agreed" where a profile is to be sustained.
    """

    player: str
    action: str
    contingency: str
    state: str = "agreed"

    __repr__ = record_repr

    def __str__(self) -> str:
        where = [] if self.state == "agreed" else [self.state]
        where += [] if self.contingency == "always" else [self.contingency]
        words = f" in {', '.join(where)}" if where else ""
        return wrapped(f"{self.player} plays {self.action}{words}")


@final
@dataclass(frozen=True, slots=True, repr=False)
class CriticalDiscount(AsJson, Tabulated):
    """The discount factors that sustain a profile or a treaty.

    Attributes
    ----------
    value : float or None
        The infimum of the sustaining discount factors; None if there is none. Where it is known to
        lie in an interval only, the upper end of that.
    exact : Fraction, AlgebraicNumber or None
        The same exactly; None if there is none, or only an interval is known.
    lower, upper : Fraction, AlgebraicNumber or None
        Proven bounds on the infimum; both `exact` where it is known.
    attained : bool
        Whether the infimum sustains too.
    sustaining : DiscountSet
        All that is proven to sustain; everything that sustains where `exact` is given.
    per_player : dict {player: Fraction, AlgebraicNumber or None}
        The same for each player's incentives alone; None where no discount factor will do. Empty
        where the incentives are pooled by transfers; under optimal punishments without those whose
        threshold is known within bounds only.
    player : str or None
        Whose incentive binds, the first of several; None where nobody's does.
    deviation : CriticalDeviation or None
        The deviation that binds.
    slack : dict {player: Fraction or float}
        What each player's most tempting deviation loses him at the infimum, in average payoffs:
        exactly where that is rational. Empty where it is unknown.
    reason : str
        Why no discount factor will do, or how far the answer is known.
    """

    value: float | None
    exact: Real | None
    lower: Real | None
    upper: Real | None
    attained: bool
    sustaining: DiscountSet
    per_player: dict[str, Real | None]
    player: str | None
    deviation: CriticalDeviation | None
    slack: dict[str, Fraction | float]
    reason: str

    @classmethod
    def of(
        cls,
        sustaining: DiscountSet,
        reason: str,
        *,
        per_player: Mapping[str, Real | None] | None = None,
        deviation: CriticalDeviation | None = None,
        slack: Mapping[str, Fraction | float] | None = None,
        binds_alone: bool = True,
    ) -> CriticalDiscount:
        """The result where the sustaining set is known exactly."""
        least = sustaining.infimum
        return cls(
            value=None if least is None else float(least),
            exact=least,
            lower=least,
            upper=least,
            attained=sustaining.has_least,
            sustaining=sustaining,
            per_player=dict(per_player or {}),
            player=deviation.player if deviation is not None and binds_alone else None,
            deviation=deviation,
            slack=dict(slack or {}),
            reason=reason,
        )

    def __hash__(self) -> int:
        return hash((self.sustaining, self.deviation, self.reason))

    def to_dict(self) -> dict[str, Any]:
        """The result in plain types, ready for JSON."""
        return {
            "value": self.value,
            "exact": None if self.exact is None else number_dict(self.exact),
            "lower": None if self.lower is None else number_dict(self.lower),
            "upper": None if self.upper is None else number_dict(self.upper),
            "attained": self.attained,
            "sustaining": self.sustaining.to_dict(),
            "per_player": {
                name: None if one is None else number_dict(one)
                for name, one in self.per_player.items()
            },
            "player": self.player,
            "deviation": None
            if self.deviation is None
            else {
                "player": self.deviation.player,
                "action": self.deviation.action,
                "contingency": self.deviation.contingency,
                "state": self.deviation.state,
            },
            "slack": {
                name: str(one) if isinstance(one, Fraction) else one
                for name, one in self.slack.items()
            },
            "reason": self.reason,
        }

    def _caption(self) -> str:
        if self.value is None:
            return f"CriticalDiscount: none ({self.reason})"
        known = (
            number_text(self.exact)
            if self.exact is not None
            else f"between {number_text(self.lower or Fraction(0))} and "
            f"{number_text(self.upper or Fraction(1))}"
        )
        bound = f"; binding: {self.deviation}" if self.deviation is not None else ""
        return f"CriticalDiscount: {known}, sustained on {self.sustaining} ({self.reason}){bound}"

    def _rows(self) -> list[list[str]]:
        rows = [["player", "alone", "slack"]]
        for name, one in self.per_player.items():
            slack = self.slack.get(name)
            rows.append(
                [
                    name,
                    "none" if one is None else number_text(one),
                    "" if slack is None else number(float(slack)),
                ]
            )
        return rows

    def _text(self) -> str:
        if not self.per_player:
            return wrapped(self._caption())
        return captioned_table(self._caption(), self._rows())

    def _repr_html_(self) -> str:
        return f"<p>{escape(self._caption())}</p>" + html_table(self._rows(), "Each alone")
