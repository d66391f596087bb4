"""The world a model is applied to: states with power, parallel interests, and a threat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from balancegame._checks import check_known, check_names, check_text, is_sized
from balancegame._numbers import Number, shorten
from balancegame.errors import InvalidTypeError, UnknownParameterError, UnknownStateError
from balancegame.world.world_input import PerState, read_exposure, read_parallelism, read_power
from balancegame.world.world_rendering import world_html, world_latex, world_text

Floats = NDArray[np.float64]


class GivenNumbers(NamedTuple):
    """A world's numbers as they were given; `exact_value` tells the exact ones."""

    power: tuple[float, ...]
    parallelism: tuple[tuple[float, ...], ...]
    exposure: tuple[float, ...]


@final
class World:
    """States, their power and their interests; immutable.

    Parameters
    ----------
    names : sequence of str
        The states, the threat among them.
    power : sequence or mapping {state: number}, shape (n,)
        Positive, in any one unit. Numbers given as int, Fraction, Decimal or text are kept
        exactly; floats are measurements.
    parallelism : array_like or nested mapping, shape (n, n), optional
        Degree of parallel interests, in [-1, 1]: symmetric with unit diagonal; 1 means identical
        interests, 0 unrelated, -1 opposed. Floats may miss symmetry, range and diagonal by 1e-12,
        as rounding does; that is evened out. Default: the identity (no common interests). For
        classical capability aggregation pass ``cohesion=0`` to the model, or ones here.
    threat : str, optional
        The state that may come to dominate the others; one of `names`.
    exposure : sequence or mapping {state: number}, shape (n,), optional
        Multiplies a state's loss under domination (proximity, offence, intent); at least 0,
        default 1. The threat's own entry is not used, and a mapping may leave it out.
    title : str, optional
    sources : sequence of str, optional
        Where the numbers come from.
    power_measure : str, optional
        What `power` measures, for instance "CINC".

    Attributes
    ----------
    power, exposure : read-only arrays, shape (n,)
    parallelism : read-only array, shape (n, n)
    shares : array, shape (n,)
        Shares of the power in this world.

    Raises
    ------
    InvalidPowerError, InvalidParallelismError, InvalidExposureError, UnknownStateError
        Each names the state and the bound.

    Examples
    --------
    >>> import balancegame as bg
    >>> world = bg.World(
    ...     ["Athens", "Sparta", "Persia"],
    ...     [2, 3, 5],
    ...     [[1, 0.5, -0.2], [0.5, 1, 0], [-0.2, 0, 1]],
    ...     threat="Persia",
    ... )
    >>> world.shares
    array([0.2, 0.3, 0.5])
    >>> world.replace(power={"Athens": 4, "Sparta": 3, "Persia": 5}).power
    array([4., 3., 5.])
    """

    __slots__ = (
        "_exposure",
        "_given",
        "_names",
        "_parallelism",
        "_power",
        "_power_measure",
        "_sources",
        "_threat",
        "_title",
    )
    _names: tuple[str, ...]
    _given: GivenNumbers
    _power: Floats
    _parallelism: Floats
    _exposure: Floats
    _threat: str | None
    _title: str
    _sources: tuple[str, ...]
    _power_measure: str

    def __init__(
        self,
        names: Sequence[str],
        power: PerState,
        parallelism: ArrayLike | Mapping[str, Mapping[str, Number]] | None = None,
        *,
        threat: str | None = None,
        exposure: PerState | None = None,
        title: str = "",
        sources: Sequence[str] = (),
        power_measure: str = "",
    ) -> None:
        states = check_names(names, "names")
        given = GivenNumbers(
            read_power(power, states),
            read_parallelism(parallelism, states),
            read_exposure(exposure, states, threat),
        )
        if threat is not None:
            check_known(threat, states, "threat", UnknownStateError)
        if isinstance(sources, str | bytes) or not is_sized(sources):
            message = f"sources is {shorten(sources)}; give a sequence of texts, one a source"
            raise InvalidTypeError(message)
        set_field = object.__setattr__
        set_field(self, "_names", states)
        set_field(self, "_given", given)
        set_field(self, "_power", _frozen(given.power))
        set_field(self, "_parallelism", _frozen(given.parallelism))
        set_field(self, "_exposure", _frozen(given.exposure))
        set_field(self, "_threat", threat)
        set_field(self, "_title", check_text(title, "title"))
        set_field(self, "_sources", tuple(check_text(one, "a source") for one in sources))
        set_field(self, "_power_measure", check_text(power_measure, "power_measure"))

    @property
    def names(self) -> tuple[str, ...]:
        """The states, the threat among them."""
        return self._names

    @property
    def power(self) -> Floats:
        """Each state's power, shape (n,)."""
        return self._power

    @property
    def parallelism(self) -> Floats:
        """Degree of parallel interests, shape (n, n)."""
        return self._parallelism

    @property
    def exposure(self) -> Floats:
        """What multiplies each state's loss under domination, shape (n,)."""
        return self._exposure

    @property
    def given(self) -> GivenNumbers:
        """The numbers as they were given: the exact ones remember their exact value."""
        return self._given

    @property
    def threat(self) -> str | None:
        """The state the others may balance against or bandwagon with."""
        return self._threat

    @property
    def title(self) -> str:
        """What the world is called; may be empty."""
        return self._title

    @property
    def sources(self) -> tuple[str, ...]:
        """Where the numbers come from."""
        return self._sources

    @property
    def power_measure(self) -> str:
        """What `power` measures; may be empty."""
        return self._power_measure

    @property
    def shares(self) -> Floats:
        """Each state's share of the power in this world, shape (n,); sums to 1."""
        power = self._power / self._power.max()
        return _frozen(power / power.sum())

    @property
    def states(self) -> tuple[str, ...]:
        """The names without the threat, in order: the players of the balancing game."""
        return tuple(name for name in self._names if name != self._threat)

    def replace(self, **changes: Any) -> World:
        """A copy with some arguments of the constructor replaced; exact numbers stay exact.

        Examples
        --------
        >>> import balancegame as bg
        >>> bg.World(["A", "B"], [1, 2]).replace(threat="B").threat
        'B'
        """
        current: dict[str, Any] = {
            "names": self._names,
            "power": self._given.power,
            "parallelism": self._given.parallelism,
            "threat": self._threat,
            "exposure": self._given.exposure,
            "title": self._title,
            "sources": self._sources,
            "power_measure": self._power_measure,
        }
        for name in changes:
            check_known(name, tuple(current), "argument of World", UnknownParameterError)
        return World(**(current | changes))

    def to_toml(self) -> str:
        """The world as the text of a scenario file, which `load_scenario` reads back unchanged.

        A world knows no model: a scenario's [model] table and its other measures of power are
        not written.

        Examples
        --------
        >>> import balancegame as bg
        >>> print(bg.World(["A", "B"], [1, "1/3"], threat="B").to_toml())
        title = ""
        threat = "B"
        sources = [
            "unspecified",
        ]
        <BLANKLINE>
        [power]
        measure = "unspecified"
        <BLANKLINE>
        [power.values]
        A = 1
        B = "1/3"
        <BLANKLINE>
        """
        from balancegame.world.scenario_writer import world_toml  # noqa: PLC0415 (mutual)

        return world_toml(self)

    def to_latex(self, *, caption: str | None = None, label: str | None = None) -> str:
        """Powers, shares and parallel interests as a LaTeX table (package booktabs)."""
        return world_latex(self, caption, label)

    def __setattr__(self, name: str, value: object) -> None:
        message = f"a World is immutable; use world.replace({name}=...)"
        raise AttributeError(message)

    def __delattr__(self, name: str) -> None:
        message = f"a World is immutable; {name!r} cannot be deleted"
        raise AttributeError(message)

    def _key(self) -> tuple[Any, ...]:
        texts = (self._names, self._threat, self._title, self._sources, self._power_measure)
        return (*texts, *self._given)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, World):
            return NotImplemented
        return self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def __reduce__(self) -> tuple[Any, ...]:
        power, parallelism, exposure = self._given
        texts = (self._threat, self._title, self._sources, self._power_measure)
        return _rebuild, (self._names, power, parallelism, exposure, *texts)

    def __repr__(self) -> str:
        return world_text(self)

    def _repr_html_(self) -> str:
        return world_html(self)


def _rebuild(
    names: Sequence[str],
    power: PerState,
    parallelism: Any,
    exposure: PerState,
    threat: str | None,
    title: str,
    sources: Sequence[str],
    power_measure: str,
) -> World:
    return World(
        names,
        power,
        parallelism,
        threat=threat,
        exposure=exposure,
        title=title,
        sources=sources,
        power_measure=power_measure,
    )


def _frozen(values: Any) -> Floats:
    array = np.array(values, dtype=np.float64)
    array.setflags(write=False)
    return array
