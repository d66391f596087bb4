"""Regions: maps of the equilibria over two parameters, read with sliders, pointer or in a table."""

from __future__ import annotations

from typing import Any

import numpy as np

from balancegame.analysis.sweeps.labels import LETTERS
from balancegame.present.report.findings.missing import Missing
from balancegame.present.report.findings.region_maps import FAILED, INFEASIBLE, MapAxis, RegionMap
from balancegame.present.report.html import (
    Markup,
    data_block,
    element,
    joined,
    listing,
    paragraph,
    table,
    text,
)
from balancegame.present.report.sections.map_drawing import (
    BOX,
    Coloring,
    color,
    map_svg,
    value_texts,
)
from balancegame.present.report.sections.missing import missing_note
from balancegame.present.report.subject import Subject
from balancegame.present.tables import ACTION_WORDS

_MOST_LISTED = 3  # equilibria of a region, in the table
_SPECIAL = {
    INFEASIBLE: "no interests are so related (striped)",
    FAILED: "there is no such game (hatched)",
}


def regions_section(subject: Subject, maps: tuple[RegionMap | Missing, ...]) -> Markup:
    """One map after the other."""
    if not maps:
        return missing_note(Missing("no map was asked for"))
    parts: list[object] = [
        paragraph(
            "Which pure equilibria there are, at each point of a grid. The ring is where this "
            "report's own world stands; the cross is the point that is read. An equilibrium is "
            f"written as a letter a state: {_letters(subject)}."
        )
    ]
    for k, one in enumerate(maps, 1):
        if isinstance(one, Missing):
            parts.append(missing_note(one))
        else:
            parts.append(_map(one, f"map-{k}", subject.world.threat or ""))
    return joined(parts)


def _map(found: RegionMap, prefix: str, threat: str) -> Markup:
    heading = f"{found.across.words} and {found.up.words}"
    colored = color(found)
    output = element(
        "output",
        *_reading(found),
        class_="reading",
        id=f"{prefix}-reading",
        for_=f"{prefix}-across {prefix}-up",
    )
    figure = element(
        "figure",
        map_svg(found, colored, prefix, _description(found, colored)),
        element("figcaption", _caption(found, threat)),
        element(
            "div",
            _slider(found.across, f"{prefix}-across"),
            _slider(found.up, f"{prefix}-up"),
            class_="sliders",
            hidden=True,
        ),
        output,
        class_="map",
        id=prefix,
    )
    return joined(
        [
            element("h3", heading[:1].upper() + heading[1:]),
            figure,
            _legend(found, colored),
            data_block(f"{prefix}-data", _data(found)),
        ]
    )


def _caption(found: RegionMap, threat: str) -> str:
    points = f"{len(found.across.values)} x {len(found.up.values)} points."
    if not found.is_of_uniform_interests:
        return f"All else as in this world. {points}"
    return (
        "Every pair of states has the same parallelism here, and each has with "
        f"{threat} what they have in the mean; power is this world's, but for {threat}'s. So the "
        f"ring is this world's likeness, not this world. {points}"
    )


def _slider(axis: MapAxis, identifier: str) -> Markup:
    value = value_texts(axis.values)[axis.place]
    return element(
        "label",
        f"{axis.words}: ",
        element("strong", value, id=f"{identifier}-value"),
        element(
            "input",
            type="range",
            min="0",
            max=str(len(axis.values) - 1),
            value=str(axis.place),
            id=identifier,
            aria_label=axis.words,
            aria_valuetext=value,
            autocomplete="off",
        ),
    )


def _reading(found: RegionMap) -> list[Markup]:
    """What the map says where the report's own world stands, or in the middle."""
    across, up = found.across, found.up
    code = found.codes[up.place][across.place]
    lines = _said(found)[code] if code >= 0 else [_SPECIAL[code]]
    place = (
        f"{across.words} {value_texts(across.values)[across.place]}, "
        f"{up.words} {value_texts(up.values)[up.place]}: "
    )
    return [paragraph(place + lines[0]), *([listing(lines[1:])] if lines[1:] else [])]


def _said(found: RegionMap) -> list[list[str]]:
    """For each label a heading and its equilibria in words."""
    said: list[list[str]] = []
    for label, reading in zip(found.labels, found.readings, strict=True):
        noun = "equilibrium" if len(reading) == 1 else "equilibria"
        head = f"{len(reading)} pure {noun} ({label})" if reading else "no pure equilibrium"
        said.append([head, *reading])
    return said


def _data(found: RegionMap) -> dict[str, Any]:
    """What the script needs to read the map."""

    def axis(one: MapAxis) -> dict[str, Any]:
        return {"words": one.words, "values": one.values, "texts": value_texts(one.values)}

    return {
        "box": BOX,
        "across": axis(found.across),
        "up": axis(found.up),
        "codes": found.codes,
        "readings": _said(found),
        "special": {str(code): [words] for code, words in _SPECIAL.items()},
    }


def _shares(colored: Coloring) -> list[float]:
    return [float((colored.codes == k).mean()) for k in range(len(colored.names))]


def _description(found: RegionMap, colored: Coloring) -> str:
    """The map in a sentence, for those who do not see it."""
    shares = sorted(zip(_shares(colored), colored.names, strict=True), key=lambda one: -one[0])
    largest = ", ".join(f"{name} on {share:.0%}" for share, name in shares[:4])
    return (
        f"{len(found.labels)} different sets of pure equilibria; the largest regions: {largest}. "
        "The table below has all, the sliders read single points."
    )


def _legend(found: RegionMap, colored: Coloring) -> Markup:
    readings = dict(zip(found.labels, found.readings, strict=True))
    rows: list[list[object]] = []
    for k, (fill, name, share) in enumerate(
        zip(colored.colors, colored.names, _shares(colored), strict=True), 1
    ):
        swatch = element("span", class_="swatch", style=f"background:{fill}", aria_hidden="true")
        words = _lines(readings.get(name))
        rows.append([joined([swatch, f" {k}"]), _short(name), f"{share:.1%}", words])
    codes = np.array(found.codes)
    for code, words in _SPECIAL.items():
        if (codes == code).any():
            rows.append(["-", "-", f"{float((codes == code).mean()):.1%}", words])
    return table(
        "Regions of this map",
        ["Region", "Equilibria", "Share", "In words"],
        rows,
        numbers=(2,),
    )


def _lines(readings: tuple[str, ...] | None) -> Markup:
    """A region's equilibria, a line each."""
    if readings is None:
        return text("the sliders read them")
    if not readings:
        return text("none is pure")
    lines = [*readings[:_MOST_LISTED]]
    if len(readings) > _MOST_LISTED:
        lines.append(f"and {len(readings) - _MOST_LISTED} more, which the sliders read")
    return joined([joined([element("br") if k else "", one]) for k, one in enumerate(lines)])


def _short(label: str) -> str:
    """A set of equilibria, cut short where it is long."""
    profiles = label.split(" + ")
    if len(profiles) <= _MOST_LISTED:
        return label
    return " + ".join([*profiles[:_MOST_LISTED], f"{len(profiles) - _MOST_LISTED} more"])


def _letters(subject: Subject) -> str:
    """What the letters of a profile stand for, and whose they are."""
    meant = ", ".join(
        f"{LETTERS[name]} {ACTION_WORDS[name]}"
        for name in subject.settings.actions
        if name in LETTERS
    )
    return f"{meant}; in the order {', '.join(subject.world.states)}"
