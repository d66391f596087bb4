"""HTML that no text can break out of."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from balancegame.present.report.html import data_block, element, listing, paragraph, table, text
from tests.present.report.pages import Page

HOSTILE = (
    "</script><script>alert(1)</script>",
    "<!--",
    "]]>",
    '" onclick="alert(1)',
    "' onclick='alert(1)",
    "</textarea><img src=x onerror=alert(1)>",
    "&lt;b&gt;",
    "a & b",
    "\u2028\u2029",
    "\ud800",
)
words = st.one_of(st.sampled_from(HOSTILE), st.text())


@given(words, words)
def test_text_and_attributes_come_back_as_they_were(content, attribute):
    page = Page(element("p", content, title=attribute))
    ((attrs, found),) = page.all("p")
    assert len(page.elements) == 1
    assert set(attrs) == {"title"}
    # Lone surrogates and control characters are replaced; a parser folds ends of lines.
    for given_, back in ((content, found), (attribute, attrs["title"])):
        kept = [c for c in given_ if c.isprintable()]
        assert [c for c in back if c.isprintable() and c != "\ufffd"] == [
            c for c in kept if c != "\ufffd"
        ]


@given(st.dictionaries(words, st.lists(words, max_size=2), max_size=3))
def test_data_come_back_and_end_no_script(data):
    page = Page(data_block("data", data))
    assert len(page.elements) == 1
    ((attrs, written),) = page.all("script")
    assert attrs == {"type": "application/json", "id": "data"}
    assert not set("<>&") & set(written)
    clean = json.dumps(data, ensure_ascii=False)
    if clean.isprintable() and clean.isascii():
        assert json.loads(written) == data
    else:
        json.loads(written)


def test_markup_is_kept_and_all_else_is_escaped():
    inner = element("b", "<i>")
    assert paragraph(inner, "<u>") == "<p><b>&lt;i&gt;</b>&lt;u&gt;</p>"
    assert text(text("<")) == "&lt;"
    assert element("input", hidden=True, value=None, aria_label="x", class_="y") == (
        '<input hidden aria-label="x" class="y">'
    )
    assert listing(["<"]) == "<ul><li>&lt;</li></ul>"


def test_tables_name_their_rows_and_columns():
    page = Page(table("Powers < 5", ["State", "Power"], [["A", 1], ["B", 2]], numbers=(1,)))
    scopes = [attrs["scope"] for attrs, _ in page.all("th")]
    assert scopes == ["col", "col", "row", "row"]
    ((attrs, _),) = page.all("div")
    assert attrs["aria-label"] == "Powers < 5"
    assert [attrs.get("class") for attrs, _ in page.all("td")] == ["number", "number"]
