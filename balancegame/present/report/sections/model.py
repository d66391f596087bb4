"""The model: the parameters that enter the game, and where their values come from."""

from __future__ import annotations

from collections.abc import Mapping

from balancegame._numbers import format_number
from balancegame.alliances.balancing import parameter_domains
from balancegame.alliances.used_parameters import used_parameters
from balancegame.present.report.html import Markup, joined, paragraph, table
from balancegame.present.report.subject import Subject


def model_section(subject: Subject) -> Markup:
    """A table of parameters, those without effect named below."""
    settings, domains = subject.settings, parameter_domains()
    used = used_parameters(subject.model, settings.actions, settings.hegemon)
    origins = dict(subject.origins)
    rows: list[list[object]] = []
    for name in used:
        value = subject.model.parameters()[name]
        domain, origin = domains[name], origins.get(name, "default")
        if isinstance(value, Mapping):
            rows.append([name, domain.symbol, "by state", origin, domain.meaning])
            for state, one in value.items():
                rows.append([f"{name}, {state}", "", _value(one), "", ""])
        else:
            rows.append([name, domain.symbol, _value(value), origin, domain.meaning])
    threat = "does not choose" if settings.hegemon == "fixed" else "chooses too"
    idle = ", ".join(name for name in domains if name not in used)
    return joined(
        [
            paragraph(
                f"Each state may: {', '.join(settings.actions)}. The threat {threat}. Payoffs are "
                "in units of one state's independence."
            ),
            table(
                "Parameters",
                ["Parameter", "Symbol", "Value", "From", "Meaning"],
                rows,
                numbers=(2,),
            ),
            paragraph(f"Without effect here: {idle}.", class_="note") if idle else "",
        ]
    )


def _value(value: object) -> str:
    return format_number(value) if isinstance(value, float) else str(value)
