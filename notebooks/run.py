"""Execute the notebooks beside this file, and compare what they give with what they store.

``python notebooks/run.py`` fails if a cell raises, if an output differs from the stored one, or
if a notebook takes more than a minute of one processor. ``python notebooks/run.py --write`` stores
new outputs. Parts of the names of notebooks may follow. Needs ``pip install '.[notebooks]'``.
"""

from __future__ import annotations

import argparse
import difflib
import resource
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

FOLDER = Path(__file__).parent
SECONDS = 60  # the most a notebook may take of a processor
PATIENCE = 600  # the most a cell may take by the clock, on a busy machine
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
LANGUAGE = {"name": "python", "pygments_lexer": "ipython3"}


def used() -> float:
    """Seconds of a processor that kernels have used until now."""
    kernels = resource.getrusage(resource.RUSAGE_CHILDREN)
    return kernels.ru_utime + kernels.ru_stime


def executed(path: Path) -> NotebookNode:
    """The notebook with new outputs, and without anything of this machine or this hour."""
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=PATIENCE, kernel_name="python3").execute(cwd=str(path.parent))
    notebook.metadata = {"kernelspec": KERNEL, "language_info": LANGUAGE}
    for cell in notebook.cells:
        cell.metadata = {"tags": cell.metadata.tags} if "tags" in cell.metadata else {}
    return notebook


def text(notebook: NotebookNode) -> list[str]:
    """The words its cells print and return: no pictures, no layout, nothing tagged "varies"."""
    words: list[str] = []
    for place, cell in enumerate(notebook.cells):
        if "varies" in cell.metadata.get("tags", ()):
            continue
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            shown = output.get("text") or data.get("text/plain", "")
            if "image/png" in data:
                shown = "a picture"
            words += [f"cell {place}: {word}" for word in shown.split()]
    return words


def check(path: Path, *, write: bool) -> str | None:
    """What is wrong with the notebook, if anything is."""
    before = used()
    try:
        new = executed(path)
    except CellExecutionError as error:
        return str(error)
    seconds = used() - before
    print(f"{path.name}: {seconds:.1f} s", flush=True)
    if write:
        nbformat.write(new, path)
        return None
    if seconds > SECONDS:
        return f"takes {seconds:.0f} s; the most is {SECONDS} s"
    stored = text(nbformat.read(path, as_version=4))
    return "\n".join(difflib.unified_diff(stored, text(new), "stored", "now", lineterm="")) or None


def main() -> int:
    """Run what the command line asks for; 1 if a notebook failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="parts of the names of notebooks; default: all")
    parser.add_argument("--write", action="store_true", help="store the new outputs")
    asked = parser.parse_args()
    paths = [
        path
        for path in sorted(FOLDER.glob("*.ipynb"))
        if not asked.names or any(name in path.name for name in asked.names)
    ]
    failed = False
    for path in paths:
        problem = check(path, write=asked.write)
        if problem is not None:
            failed = True
            print(f"{path.name}: {problem}", file=sys.stderr)
    return int(failed or not paths)


if __name__ == "__main__":
    sys.exit(main())
