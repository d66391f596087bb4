"""Pages as a parser sees them."""

from __future__ import annotations

import json
from html.parser import HTMLParser

VOID = {"meta", "link", "input", "br"}


class Page(HTMLParser):
    """Elements in order, each (tag, attributes, text), the tags well nested."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None], list[str]]] = []
        self._open: list[int] = []
        self.feed(text)
        self.close()
        assert not self._open, "elements left open"

    def handle_starttag(self, tag, attrs):
        assert len(dict(attrs)) == len(attrs), f"{tag} repeats an attribute"
        self.elements.append((tag, dict(attrs), []))
        if tag not in VOID:
            self._open.append(len(self.elements) - 1)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs), []))

    def handle_endtag(self, tag):
        place = self._open.pop()
        assert self.elements[place][0] == tag, f"{tag} closes {self.elements[place][0]}"

    def handle_data(self, data):
        for place in self._open:
            self.elements[place][2].append(data)

    def all(self, tag):
        """Attributes and texts of all elements of a tag."""
        return [(attrs, "".join(text)) for name, attrs, text in self.elements if name == tag]

    def by_id(self, identifier):
        """The attributes and the text of one element."""
        (found,) = [
            (attrs, "".join(text))
            for _, attrs, text in self.elements
            if attrs.get("id") == identifier
        ]
        return found

    def data(self, identifier):
        """What a block of JSON holds."""
        return json.loads(self.by_id(identifier)[1])
