"""HTML written safely: whatever is not markup already is escaped."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from html import escape
from typing import Any

# Neither HTML nor JSON in HTML can hold these.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


class Markup(str):
    """Text that is HTML; any other text is not, and is escaped."""

    __slots__ = ()


def text(value: object) -> Markup:
    """A value as HTML."""
    if isinstance(value, Markup):
        return value
    return Markup(escape(_FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", str(value))))


def element(tag: str, *children: object, **attributes: object) -> Markup:
    """An element; in names of attributes ``_`` stands for ``-`` and at the end for nothing.

    Attributes that are None or False are left out, those that are True have no value.
    """
    opening = tag
    for name, value in attributes.items():
        if value is None or value is False:
            continue
        opening += f" {name.rstrip('_').replace('_', '-')}"
        opening += "" if value is True else f'="{text(str(value))}"'
    if tag in ("meta", "link", "input", "br"):
        return Markup(f"<{opening}>")
    return Markup(f"<{opening}>{joined(children)}</{tag}>")


def joined(parts: Sequence[object]) -> Markup:
    """Parts one after the other."""
    return Markup("".join(text(part) for part in parts))


def paragraph(*children: object, class_: str | None = None) -> Markup:
    """A paragraph."""
    return element("p", *children, class_=class_)


def listing(items: Sequence[object]) -> Markup:
    """A list without order."""
    return element("ul", *(element("li", item) for item in items))


def table(
    caption: str,
    head: Sequence[object],
    rows: Sequence[Sequence[object]],
    *,
    numbers: Sequence[int] = (),
    class_: str | None = None,
) -> Markup:
    """A table whose first column names the rows; it scrolls by itself where the page is narrow.

    A cell that is `td` markup already stands as it is. `numbers` are columns of numbers.
    """
    top = element(
        "tr",
        *(
            element("th", one, scope="col", class_="number" if k in numbers else None)
            for k, one in enumerate(head)
        ),
    )
    body = [
        element(
            "tr",
            element("th", row[0], scope="row"),
            *(_cell(one, is_number=k in numbers) for k, one in enumerate(row[1:], 1)),
        )
        for row in rows
    ]
    whole = element(
        "table",
        element("caption", caption),
        element("thead", top),
        element("tbody", *body),
        class_=class_,
    )
    return element("div", whole, class_="scroll", tabindex="0", role="group", aria_label=caption)


def _cell(value: object, *, is_number: bool) -> Markup:
    if isinstance(value, Markup) and value.startswith("<td"):
        return value
    return element("td", value, class_="number" if is_number else None)


def data_block(identifier: str, data: Any) -> Markup:
    """Data for the script, as JSON that no text in it can end or open anything with."""
    written = _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", json.dumps(data, ensure_ascii=False))
    for sign in "<>&":
        written = written.replace(sign, f"\\u{ord(sign):04x}")
    return element("script", Markup(written), type="application/json", id=identifier)
