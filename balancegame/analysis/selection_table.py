"""The table of equilibria by selection criterion."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast, final, overload

from balancegame._checks import check_known, check_place
from balancegame._numbers import format_fraction
from balancegame._words import listed
from balancegame.analysis.equilibrium_payoffs import rounded
from balancegame.errors import UnknownColumnError
from balancegame.games.as_json import AsJson
from balancegame.games.equilibrium import Equilibrium
from balancegame.games.narrow_text import wrapped
from balancegame.games.normal_form import NormalFormGame
from balancegame.games.profile_text import equilibrium_line
from balancegame.games.rendering import part_text

if TYPE_CHECKING:
    import pandas as pd

CRITERIA = (
    "strict",
    "pareto_undominated",
    "payoff_dominant",
    "risk_dominant",
    "half_dominant",
    "perfect",
    "proper",
    "evolutionarily_stable",
    "strong",
    "coalition_proof",
    "stochastically_stable",
    "logit_limit",
)
"""The columns that are True, False or None, in their order."""

HEADINGS: Mapping[str, str] = MappingProxyType(
    {
        "strict": "strict",
        "pareto_undominated": "Pareto",
        "payoff_dominant": "payoff",
        "risk_dominant": "risk",
        "half_dominant": "half",
        "p_dominance": "p",
        "perfect": "perfect",
        "proper": "proper",
        "evolutionarily_stable": "ESS",
        "strong": "strong",
        "coalition_proof": "proof",
        "stochastically_stable": "stoch.",
        "logit_limit": "logit",
    }
)
"""Each column's printed heading, in the order they are shown; columns answer to both."""

_COLUMN_OF = {heading: name for name, heading in HEADINGS.items()}

VALUES = ("p_dominance", "welfare")
"""The columns that are numbers."""


@final
@dataclass(frozen=True, slots=True, repr=False)
class SelectionRow:
    """One equilibrium and which criteria it meets; None where a notion does not apply.

    Attributes
    ----------
    equilibrium : Equilibrium
    strict : bool
        Everyone loses by leaving alone.
    pareto_undominated : bool or None
        No other equilibrium pays everyone as much and someone more.
    payoff_dominant : bool or None
        It pays everyone more than every other equilibrium does (Harsanyi & Selten 1988).
    risk_dominant : bool or None
        In 2 x 2 games with two strict equilibria, the one of the greater Nash product (Harsanyi &
        Selten 1988); elsewhere whether it is strict and p-dominant for some p < 1/2.
    half_dominant : bool or None
        It is p-dominant for p = 1/2.
    perfect : bool or None
        Trembling-hand perfect (Selten 1975).
    proper : bool or None
        Proper (Myerson 1978).
    evolutionarily_stable : bool or None
        What both play in a symmetric game is an evolutionarily stable strategy.
    strong, coalition_proof : bool or None
        As `strong_equilibria` and `coalition_proof_equilibria` say.
    stochastically_stable : bool or None
        It is played in the long run of logit revision as errors vanish.
    logit_limit : bool or None
        The branch of logit equilibria from the centroid ends here.
    p_dominance : Fraction or None
        The smallest p for which it is p-dominant (Morris, Rob & Shin 1995).
    welfare : Fraction or float
        The sum of payoffs; a float where the equilibrium is not rational.
    component : int or None
        The connected component of equilibria it lies in, where these are known.
    reasons : mapping of str to str
        For each column that is None, why; and for a False that says less than it seems.
    """

    equilibrium: Equilibrium
    strict: bool | None
    pareto_undominated: bool | None
    payoff_dominant: bool | None
    risk_dominant: bool | None
    half_dominant: bool | None
    perfect: bool | None
    proper: bool | None
    evolutionarily_stable: bool | None
    strong: bool | None
    coalition_proof: bool | None
    stochastically_stable: bool | None
    logit_limit: bool | None
    p_dominance: Fraction | None
    welfare: Fraction | float
    component: int | None
    reasons: Mapping[str, str]

    def __reduce__(self) -> tuple[Any, ...]:
        fields = [getattr(self, name) for name in self.__slots__]
        return _rebuild_row, (*fields[:-1], dict(self.reasons))

    def __hash__(self) -> int:
        return hash((self.equilibrium, self.component))

    @property
    def met(self) -> tuple[str, ...]:
        """The criteria it meets."""
        return tuple(name for name in CRITERIA if getattr(self, name) is True)

    def to_dict(self) -> dict[str, Any]:
        """The row in plain types, ready for JSON; exact numbers as text such as "1/3"."""
        return {
            "equilibrium": self.equilibrium.to_dict(),
            "component": self.component,
            **{name: getattr(self, name) for name in CRITERIA},
            "p_dominance": _plain(self.p_dominance),
            "welfare": _plain(self.welfare),
            "reasons": dict(self.reasons),
        }

    def __repr__(self) -> str:
        met = ", ".join(name.replace("_", " ") for name in self.met) or "none of the criteria"
        return wrapped(f"{equilibrium_line(self.equilibrium)} ({met})")


def _rebuild_row(*fields: Any) -> SelectionRow:
    make = cast("Callable[..., SelectionRow]", SelectionRow)
    return make(*fields[:-1], MappingProxyType(fields[-1]))


@final
@dataclass(frozen=True, slots=True, repr=False)
class SelectionTable(AsJson, Sequence[SelectionRow]):
    """All equilibria of a game side by side: a sequence of `SelectionRow`.

    ``table["perfect"]`` is a column, ``table[0]`` a row.

    Attributes
    ----------
    game : NormalFormGame
    rows : tuple of SelectionRow
        In the order of `nash_equilibria`; of continua the extreme equilibria.
    price_of_anarchy : Fraction, float or None
        The best welfare over that of the worst equilibrium (the other way round where all welfare
        is negative): at least 1. None where signs make it meaningless.
    price_of_stability : Fraction, float or None
        The same for the best equilibrium.
    complete : bool
        Whether the list of equilibria is proven to be complete, and all columns are worked out.
    reason : str
        Why it is complete, or not.
    continua : tuple of tuple of int
        The rows that are extreme points of one continuum of equilibria each.
    price_reasons : tuple of str
        Why the prices of anarchy and of stability are None; else empty.
    """

    game: NormalFormGame
    rows: tuple[SelectionRow, ...]
    price_of_anarchy: Fraction | float | None
    price_of_stability: Fraction | float | None
    complete: bool
    reason: str
    continua: tuple[tuple[int, ...], ...]
    price_reasons: tuple[str, str]

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns."""
        return (*CRITERIA, *VALUES)

    def column(self, name: str) -> tuple[Any, ...]:
        """One criterion for all rows.

        Parameters
        ----------
        name : str
            One of `columns`, or its heading in the printed table, such as ``"stoch."``.

        Raises
        ------
        UnknownColumnError
        """
        found = _read_column(name, (*self.columns, "equilibrium"), "column")
        return tuple(getattr(row, found) for row in self.rows)

    @property
    def reasons(self) -> dict[str, str]:
        """For each column that has a None, and each price that is, why.

        Also where False says less than it seems: the branch of logit equilibria may end inside a
        continuum whose extreme points are listed.

        Where the reason is not the same for all rows, it begins with their numbers.
        """
        found: dict[str, str] = {}
        for name in self.columns:
            places: dict[str, list[int]] = {}
            for k, row in enumerate(self.rows):
                if name in row.reasons:
                    places.setdefault(row.reasons[name], []).append(k)
            if places:
                found[name] = "; ".join(
                    why if len(where) == len(self.rows) else f"{_listed(where)} {why}"
                    for why, where in places.items()
                )
        names = ("price_of_anarchy", "price_of_stability")
        return found | {
            name: why for name, why in zip(names, self.price_reasons, strict=True) if why
        }

    def meeting(self, *criteria: str) -> tuple[SelectionRow, ...]:
        """The rows that are known to meet all of some criteria.

        Parameters
        ----------
        *criteria : str

        Raises
        ------
        UnknownColumnError
        """
        names = [_read_column(name, CRITERIA, "criterion") for name in criteria]
        return tuple(row for row in self.rows if all(getattr(row, one) for one in names))

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, index: int) -> SelectionRow: ...
    @overload
    def __getitem__(self, index: slice | str) -> tuple[Any, ...]: ...
    def __getitem__(self, index: int | slice | str) -> SelectionRow | tuple[Any, ...]:
        if isinstance(index, str):
            return self.column(index)
        if isinstance(index, slice):
            return self.rows[index]
        return self.rows[check_place(index, len(self.rows), "row")]

    def __iter__(self) -> Iterator[SelectionRow]:
        return iter(self.rows)

    def to_frame(self) -> pd.DataFrame:
        """A tidy table: one row an equilibrium.

        Returns
        -------
        pandas.DataFrame
            Columns equilibrium (its place), component, for each player what he plays as text and
            "payoff of ...", then the criteria (True, False, None) and p_dominance and welfare as
            floats. Wider than a terminal: ``print(frame.T.to_string())`` shows all of it, an
            equilibrium a column.
        """
        import pandas as pd  # noqa: PLC0415 (slow to import, needed here only)

        players = self.game.players
        rows: list[dict[str, Any]] = []
        for k, row in enumerate(self.rows):
            found = row.equilibrium
            one: dict[str, Any] = {"equilibrium": k, "component": row.component}
            one |= {player: part_text(found, i) for i, player in enumerate(players)}
            one |= {f"payoff of {p}": float(v) for p, v in zip(players, found.payoffs, strict=True)}
            one |= {name: getattr(row, name) for name in CRITERIA}
            p = row.p_dominance
            one |= {"p_dominance": float("nan") if p is None else rounded(p)}
            rows.append(one | {"welfare": rounded(row.welfare)})
        frame = pd.DataFrame(rows)
        return frame.astype({name: object for name in (*CRITERIA, "component") if rows})

    def to_dict(self) -> dict[str, Any]:
        """The table in plain types, ready for JSON; exact numbers as text such as "1/3"."""
        return {
            "players": self.game.players,
            "actions": self.game.actions,
            "title": self.game.title,
            "rows": [row.to_dict() for row in self.rows],
            "price_of_anarchy": _plain(self.price_of_anarchy),
            "price_of_stability": _plain(self.price_of_stability),
            "complete": self.complete,
            "reason": self.reason,
            "continua": self.continua,
            "reasons": self.reasons,
        }

    def to_latex(self, *, caption: str | None = None, label: str | None = None) -> str:
        """What `print` shows, as a LaTeX table (package booktabs)."""
        from balancegame.analysis.selection_rendering import selection_latex  # noqa: PLC0415

        return selection_latex(self, caption, label)

    def __repr__(self) -> str:
        from balancegame.analysis.selection_rendering import selection_text  # noqa: PLC0415

        return selection_text(self)

    def _repr_html_(self) -> str:
        from balancegame.analysis.selection_rendering import selection_html  # noqa: PLC0415

        return selection_html(self)


def _read_column(name: str, known: Sequence[str], what: str) -> str:
    """A column's name, given by name or by heading."""
    headings = [heading for heading, one in _COLUMN_OF.items() if one in known and heading != one]
    given = check_known(name, (*known, *headings), what, UnknownColumnError)
    return _COLUMN_OF.get(given, given)


def _listed(places: Sequence[int]) -> str:
    return listed([f"[{k}]" for k in places], 6)


def _plain(value: Fraction | float | None) -> str | float | None:
    return format_fraction(value) if isinstance(value, Fraction) else value
