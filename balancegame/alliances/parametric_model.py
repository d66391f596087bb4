"""What the models of this room share: parameters as the fields of a frozen dataclass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Self, cast

from balancegame._checks import check_known
from balancegame._numbers import shorten
from balancegame.alliances.parameters import Domain, parameter_text, read_parameter
from balancegame.errors import InvalidParameterError, UnknownParameterError
from balancegame.games.narrow_text import wrapped


class ParametricModel:
    """A model whose parameters are declared by `state_field`, `world_field`, `contest_field`.

    Subclasses are frozen dataclasses that define ``__hash__`` by this class's own, as a dataclass
    would otherwise make one that cannot take mappings.
    """

    def __new__(cls, /, **parameters: object) -> Self:
        """Refuse unknown parameters by name, before the generated signature does."""
        known = domains_of(cls)
        for name in parameters:
            check_known(
                name, tuple(known), "parameter", UnknownParameterError, aliases=symbols_of(cls)
            )
        return object.__new__(cls)

    def __post_init__(self) -> None:
        given = self.parameters()
        for name, domain in domains_of(type(self)).items():
            if name != "contest":
                value = read_parameter(given[name], name, domain)
                object.__setattr__(self, name, value)
        if str(given["contest"]) not in ("ratio", "logistic"):
            message = f'contest is {shorten(given["contest"])}; it must be "ratio" or "logistic"'
            raise InvalidParameterError(message)
        exponent = self.parameters()["affinity_exponent"]
        if exponent not in (0.0, 0.5, 1.0):
            message = f"affinity_exponent is {exponent}; it must be 0, 1/2 or 1"
            raise InvalidParameterError(message)

    def parameters(self) -> dict[str, Any]:
        """Every parameter by name, in the order of the documentation."""
        return {name: getattr(self, name) for name in domains_of(type(self))}

    def to_dict(self) -> dict[str, Any]:
        """Every parameter by name, in plain types, ready for JSON."""
        return {
            name: dict(value) if isinstance(value, Mapping) else value
            for name, value in self.parameters().items()
        }

    def replace(self, **changes: Any) -> Self:
        """A copy with some parameters changed; exact numbers stay exact.

        Examples
        --------
        >>> import balancegame as bg
        >>> bg.BalancingModel(decisiveness=2).replace(cohesion=0)
        BalancingModel(decisiveness=2, cohesion=0)
        """
        return type(self)(**(self.parameters() | changes))

    def __hash__(self) -> int:
        return hash(
            tuple(
                frozenset(value.items()) if isinstance(value, Mapping) else value
                for value in self.parameters().values()
            )
        )

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.to_dict())

    def __repr__(self) -> str:
        changed = [
            f"{one.name}={parameter_text(getattr(self, one.name))}"
            for one in fields(cast("Any", self))
            if getattr(self, one.name) != one.default
        ]
        return wrapped(f"{type(self).__name__}({', '.join(changed)})")


def domains_of(model: type[ParametricModel]) -> dict[str, Domain]:
    """Each parameter's symbol, meaning and domain, in the order of the documentation."""
    return {one.name: one.metadata["domain"] for one in fields(cast("Any", model))}


def symbols_of(model: type[ParametricModel]) -> dict[str, str]:
    """The parameter each symbol of the formulas stands for."""
    return {one.symbol: name for name, one in domains_of(model).items() if one.symbol}


def _rebuild(model: type[ParametricModel], parameters: dict[str, Any]) -> ParametricModel:
    return model(**parameters)
