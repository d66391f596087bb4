"""The documentation and the notebooks name what there is, and nothing of anybody's machine.

Sphinx builds the one (``sphinx-build -W``), ``notebooks/run.py`` executes the others; here is what
needs neither.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import balancegame as bg

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def test_the_reference_lists_every_public_name_once():
    listed = []
    for path in (ROOT / "docs" / "reference").glob("*.md"):
        for block in re.findall(r"```\{eval-rst\}(.*?)```", path.read_text("utf-8"), re.DOTALL):
            module = re.search(r"currentmodule:: balancegame\.?(\w*)\n", block).group(1)
            names = re.findall(r"^ {3}([A-Za-z]\w*)$", block, re.MULTILINE)
            listed += [f"{module}.{name}".lstrip(".") for name in names]
    public = {*bg.__all__} - {"__version__", "published"}
    public |= {f"published.{name}" for name in bg.published.__all__}
    assert sorted(listed) == sorted(public)


def cells(path, kind):
    return [
        cell for cell in json.loads(path.read_text("utf-8"))["cells"] if cell["cell_type"] == kind
    ]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_begins_with_its_question_and_ends_with_numbers_side_by_side(path):
    first = "".join(cells(path, "markdown")[0]["source"])
    assert re.match(r"# .+\n\n\*\*Question\.\*\* .+\n\n\*\*Numbers to reach\.\*\* ", first)
    last = cells(path, "code")[-1]
    source = "".join(last["source"])
    assert '"computed here"' in source
    assert re.search(r'^assert \(beside\["\w+"\] == beside\["computed here"\]\)', source, re.M)
    assert "computed here" in "".join(last["outputs"][0]["data"]["text/plain"])


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_stores_the_outputs_of_one_run(path):
    code = cells(path, "code")
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    outputs = [one for cell in code for one in cell["outputs"]]
    assert not [
        one for one in outputs if one["output_type"] == "error" or one.get("name") == "stderr"
    ]
    assert not [one for one in outputs if re.search(r"/(home|tmp|work|opt|root)/", json.dumps(one))]
    assert {key for cell in code for key in cell["metadata"]} <= {"tags"}


def test_there_are_ten_notebooks_and_more():
    assert len(NOTEBOOKS) >= 10
