"""Treaties as plain types, ready for JSON, and back: their terms, by name.

What is read may come from anywhere: it becomes the arguments of `Treaty`, which checks them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from balancegame._checks import check_known
from balancegame._numbers import fraction_text, shorten
from balancegame.alliances.breach import ActionByContingency, Breach, Exclusion, Penance, Reversion
from balancegame.errors import JsonFormatError, UnknownBreachError
from balancegame.games.plain_types import entry
from balancegame.games.repeated_game import RepeatedGame, read_contingencies
from balancegame.solvers.repeated.strategies import punishments_for_ever

if TYPE_CHECKING:
    from balancegame.alliances.treaty import Treaty

_KINDS = ("reversion", "exclusion", "penance")


def treaty_dict(treaty: Treaty) -> dict[str, Any]:
    """A treaty's terms in plain types."""
    return {
        "title": treaty.title,
        "members": list(treaty.members),
        "contingencies": [one.to_dict() for one in treaty.contingencies],
        "obligations": treaty.obligations,
        "default": treaty.default,
        "breach": _breach_dict(treaty),
        "beneficiaries": treaty.beneficiaries,
        "reliability": {name: fraction_text(one) for name, one in treaty.reliability.items()},
        "failures": treaty.failures,
    }


def _breach_dict(treaty: Treaty) -> dict[str, Any]:
    breach = treaty.breach
    if isinstance(breach, Reversion):
        return {"kind": "reversion", "equilibria": _equilibria(treaty, breach)}
    if isinstance(breach, Exclusion):
        return {"kind": "exclusion", "action": _action(breach.action)}
    return {
        "kind": "penance",
        "periods": breach.periods,
        "violator": _action(breach.violator),
        "others": _action(breach.others),
    }


def _equilibria(treaty: Treaty, breach: Reversion) -> dict[str, Any] | None:
    """What a violator's breach leads to, by name: one play for all, or one a player."""
    if breach.equilibria is None:
        return None
    plays = punishments_for_ever(RepeatedGame(treaty.contingencies, 0), breach.equilibria)
    named = [
        {
            one.name: [names[a] for names, a in zip(one.stage.actions, cell, strict=True)]
            for one, cell in zip(treaty.contingencies, cells, strict=True)
        }
        for cells in plays
    ]
    if len(set(plays)) == 1:
        return named[0]
    return dict(zip(treaty.players, named, strict=True))


def _action(given: ActionByContingency) -> Any:
    if isinstance(given, Mapping):
        return {name: _action(one) for name, one in given.items()}
    return given if isinstance(given, str) else int(given)


def read_treaty(data: object) -> dict[str, Any]:
    """The arguments of `Treaty` that build what `treaty_dict` wrote."""
    where = "a treaty"
    return {
        "title": entry(data, "title", str, where),
        "members": entry(data, "members", list, where),
        "contingencies": read_contingencies(data, where),
        "obligations": entry(data, "obligations", dict, where),
        "default": entry(data, "default", dict, where),
        "breach": _read_breach(entry(data, "breach", dict, where)),
        "beneficiaries": entry(data, "beneficiaries", dict, where),
        "reliability": entry(data, "reliability", dict, where),
        "failures": entry(data, "failures", str, where),
    }


def _read_breach(data: Mapping[str, Any]) -> Breach:
    where = "a breach"
    kind = check_known(entry(data, "kind", str, where), _KINDS, "kind of breach",
                       UnknownBreachError)  # fmt: skip
    if kind == "reversion":
        return Reversion(entry(data, "equilibria", object, where))
    if kind == "exclusion":
        return Exclusion(_read_action(data, "action"))
    return Penance(
        entry(data, "periods", int, where),
        _read_action(data, "violator"),
        _read_action(data, "others"),
    )


def _read_action(data: Mapping[str, Any], key: str) -> ActionByContingency:
    """An action, or actions by contingency; the treaty knows which there are."""
    found = entry(data, key, object, "a breach")
    if not isinstance(found, Mapping):
        return _name_or_index(found, key)
    return {str(name): _name_or_index(one, key) for name, one in found.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]


def _name_or_index(value: object, key: str) -> str | int:
    if isinstance(value, bool) or not isinstance(value, str | int):
        message = f"{key!r} of a breach is {shorten(value)}; name an action, or one a contingency"
        raise JsonFormatError(message)
    return value
