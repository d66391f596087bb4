"""A model bound to a world with symbols in place of some of its numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations
from typing import Any

import sympy as sp

from balancegame._checks import check_known, check_text, is_sized
from balancegame._numbers import exactly, parse_number, shorten
from balancegame.alliances.balancing import (
    BalancingModel,
    parameter_domains,
    parameter_symbols,
)
from balancegame.alliances.parameters import Domain
from balancegame.alliances.setting import PER_STATE, Setting, bind
from balancegame.errors import (
    InvalidNumberError,
    InvalidParameterError,
    InvalidTypeError,
    UnknownParameterError,
)
from balancegame.games.expressions import rational, read_expression
from balancegame.world.world import World

Over = Sequence[str] | Mapping[str, Any]
"""What becomes symbolic: names, or {name: symbol's name, expression or number}."""

_LATEX = {
    "power_ratio": "r", "parallelism": "a", "alpha": r"\alpha", "rho": r"\rho", "psi": r"\psi",
    "sigma+": r"\sigma_{+}", "sigma-": r"\sigma_{-}", "lambda": r"\lambda", "eta": r"\eta",
    "mu": r"\mu", "nu": r"\nu", "theta": r"\theta", "phi": r"\varphi", "Gamma": r"\Gamma",
    "c_R": "c_{R}", "c_U": "c_{U}", "c_E": "c_{E}",
}  # fmt: skip
_POSITIVE = Domain("", "", low_open=True)
_NONNEGATIVE = Domain("", "")
_COSINE = Domain("", "", low=-1.0, high=1.0)


@dataclass
class SymbolicSetting:
    """The setting, what is granted of its symbols, their LaTeX, and what was put in for numbers."""

    setting: Setting
    domain: list[Any] = field(default_factory=list)
    notation: dict[str, str] = field(default_factory=dict)
    given: list[Any] = field(default_factory=list)


def bind_symbols(model: BalancingModel, world: World, over: Over) -> SymbolicSetting:
    """A model and a world in exact numbers, with the named ones replaced by symbols."""
    plain = bind(model.parameters(), world)  # checks states, threat, and projects parallelism
    return _Binding(model, world, plain, _read_over(over)).bound()


def _read_over(over: Over) -> dict[str, Any]:
    if isinstance(over, str) or not is_sized(over):
        message = f"over is {shorten(over)}; give names, or a mapping {{name: symbol}}"
        raise InvalidTypeError(message)
    if isinstance(over, Mapping):
        return dict(over)
    return {check_text(name, "a name in over"): name for name in over}


class _Binding:
    def __init__(
        self, model: BalancingModel, world: World, plain: Setting, over: dict[str, Any]
    ) -> None:
        self._model, self._world, self._plain, self._over = model, world, plain, over
        self._everyone = (*plain.players, plain.threat)
        self._place = [world.names.index(name) for name in self._everyone]
        self._domain: list[Any] = []
        self._notation: dict[str, str] = {}
        self._values: dict[str, Any] = {}
        known = list(self._known_names())
        for name in over:
            check_known(name, known, "quantity", UnknownParameterError, aliases=parameter_symbols())
        if "power_ratio" in over and f"power of {plain.threat}" in over:
            message = f"power_ratio fixes the power of {plain.threat}; leave one of them out"
            raise InvalidParameterError(message)

    def _known_names(self) -> Iterator[str]:
        domains = parameter_domains()
        yield from ("power_ratio", "parallelism")
        yield from (name for name in domains if name not in ("contest", "affinity_exponent"))
        for state in self._everyone:
            yield f"power of {state}"
        for i, state in enumerate(self._everyone):
            yield from (f"parallelism of {one} and {state}" for one in self._everyone[:i])
            yield from (f"parallelism of {state} and {one}" for one in self._everyone[:i])
        for state in self._plain.players:
            yield f"exposure of {state}"
            yield from (f"{name} of {state}" for name in PER_STATE)

    def _symbolic(self, name: str, domain: Domain, latex: str) -> Any:
        """The expression that stands for a quantity, its domain noted."""
        if name in self._values:
            return self._values[name]
        given = self._over[name]
        if isinstance(given, str):
            given = self._named(given, name, domain, latex)
        value = read_expression(given, name)
        self._values[name] = value
        if value.free_symbols:
            low, high = rational(Fraction(domain.low)), domain.high
            self._note(value > low if domain.low_open else value >= low)
            if high != float("inf"):
                top = rational(Fraction(high))
                self._note(value < top if domain.high_open else value <= top)
        elif not domain.holds(Fraction(int(value.p), int(value.q))):
            message = f"{name} is {value}, outside its domain {domain.text}"
            raise InvalidParameterError(message)
        return value

    def _named(self, text: str, name: str, domain: Domain, latex: str) -> Any:
        """A symbol of that name, or the number that the text is."""
        try:
            return rational(exactly(parse_number(text, name)))
        except InvalidNumberError:
            pass
        check_text(text, f"the symbol for {name}")
        if domain.low_open and domain.low >= 0:
            symbol = sp.Symbol(text, positive=True)
        elif domain.low >= 0:
            symbol = sp.Symbol(text, nonnegative=True)
        else:
            symbol = sp.Symbol(text, real=True)
        if text == name:
            self._notation[text] = latex
        return symbol

    def _note(self, fact: Any) -> None:
        if fact == sp.false:
            message = "over gives quantities that lie outside their domains"
            raise InvalidParameterError(message)
        if fact != sp.true and fact not in self._domain:
            self._domain.append(fact)

    def _per_state(self, name: str) -> list[Any]:
        domain = parameter_domains()[name]
        latex = _LATEX.get(domain.symbol, domain.symbol)
        given = getattr(self._model, name)
        found: list[Any] = []
        for i, state in enumerate(self._plain.players):
            own = f"{name} of {state}"
            if own in self._over:
                found.append(self._symbolic(own, domain, f"{latex}_{{{i + 1}}}"))
            elif name in self._over:
                found.append(self._symbolic(name, domain, latex))
            else:
                value = given[state] if isinstance(given, Mapping) else given
                found.append(rational(exactly(value)))
        return found

    def _world_wide(self, name: str) -> Any:
        domain = parameter_domains()[name]
        if name in self._over:
            return self._symbolic(name, domain, _LATEX.get(domain.symbol, domain.symbol))
        return rational(exactly(getattr(self._model, name)))

    def _powers(self) -> list[Any]:
        found: list[Any] = []
        for i, (state, k) in enumerate(zip(self._everyone, self._place, strict=True)):
            own = f"power of {state}"
            if own in self._over:
                latex = "H" if state == self._plain.threat else f"p_{{{i + 1}}}"
                found.append(self._symbolic(own, _POSITIVE, latex))
            else:
                found.append(rational(exactly(self._world.given.power[k])))
        if "power_ratio" in self._over:
            mean = sum(found[:-1], sp.Integer(0)) / (len(found) - 1)
            ratio = self._symbolic("power_ratio", _POSITIVE, _LATEX["power_ratio"])
            if mean.is_number:  # payoffs do not depend on the unit of power
                return [*(one / mean for one in found[:-1]), ratio]
            found[-1] = ratio * mean
        return found

    def _exposures(self) -> list[Any]:
        found: list[Any] = []
        for i, (state, k) in enumerate(zip(self._plain.players, self._place[:-1], strict=True)):
            own = f"exposure of {state}"
            found.append(
                self._symbolic(own, _NONNEGATIVE, f"e_{{{i + 1}}}")
                if own in self._over
                else rational(exactly(self._world.given.exposure[k]))
            )
        return found

    def _parallelism(self, cohesion: Any) -> list[list[Any]]:
        n = len(self._plain.players)
        given = self._world.given.parallelism
        matrix = [[rational(exactly(given[k][j])) for j in self._place] for k in self._place]
        symbolic = False
        projected = self._plain.parallelism
        moved = self._plain.cohesion > 0 and any(
            float(matrix[i][j]) != projected[i][j] for i in range(n + 1) for j in range(n + 1)
        )
        if moved:
            matrix = [[rational(Fraction(one)) for one in row] for row in projected]
        if "parallelism" in self._over:
            a = self._symbolic("parallelism", _COSINE, _LATEX["parallelism"])
            mean = sum(matrix[n][:n], sp.Integer(0)) / n
            for i in range(n):
                for j in range(n):
                    matrix[i][j] = sp.Integer(1) if i == j else a
                matrix[i][n] = matrix[n][i] = mean
            symbolic = n > 1
        for i in range(n + 1):
            for j in range(i):
                for one, other in ((i, j), (j, i)):
                    name = f"parallelism of {self._everyone[one]} and {self._everyone[other]}"
                    if name in self._over:
                        value = self._symbolic(name, _COSINE, f"a_{{{one + 1},{other + 1}}}")
                        matrix[i][j] = matrix[j][i] = value
                        symbolic = True
        if symbolic and cohesion != 0:
            self._feasible(matrix)
        return matrix

    def _feasible(self, matrix: list[list[Any]]) -> None:
        """Interests are vectors: the matrix is positive semidefinite."""
        n = len(self._plain.players)
        if "parallelism" in self._over and not any(" and " in name for name in self._over):
            a, b = self._values["parallelism"], matrix[n][0]
            self._domain = [fact for fact in self._domain if fact != (a >= -1)]
            self._note(a >= (n * b**2 - 1) / (n - 1))
            return
        for size in (2, 3):
            for chosen in combinations(range(n + 1), size):
                block = sp.Matrix([[matrix[i][j] for j in chosen] for i in chosen])
                self._note(sp.expand(block.det()) >= 0)

    def bound(self) -> SymbolicSetting:
        """Everything read."""
        own = {name: self._per_state(name) for name in PER_STATE}
        for alpha, loss in zip(own["autonomy_loss"], own["domination_loss"], strict=True):
            self._note(sp.sympify(alpha <= loss))
        losses = zip(own["domination_loss"], self._exposures(), strict=True)
        own["domination_loss"] = [loss * share for loss, share in losses]
        power = self._powers()
        cohesion = self._world_wide("cohesion")
        parallelism = self._parallelism(cohesion)
        names = ("decisiveness", "steepness", "prize", "defeat_loss", "expansion_cost")
        wide = {name: self._world_wide(name) for name in names}
        setting = Setting(
            players=self._plain.players,
            threat=self._plain.threat,
            unit=1,
            power=power[:-1],
            threat_power=power[-1],
            parallelism=parallelism,
            **own,
            **wide,
            affinity_exponent=rational(exactly(float(self._model.affinity_exponent))),
            cohesion=cohesion,
            contest=self._model.contest,
        )
        given = list(self._values.values())
        return SymbolicSetting(setting, self._domain, self._notation, given)
