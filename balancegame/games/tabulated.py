"""How results print: as a table in text, in HTML, and in LaTeX."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from html import escape

from balancegame.games.latex import latex_table, narrower
from balancegame.games.narrow_text import captioned_table, narrow_table, wrapped
from balancegame.games.rendering import Rows, html_table


class Tabulated(ABC):
    """A result that prints as a table with a caption above and notes below.

    Dataclasses of this kind are declared with ``repr=False``.
    """

    __slots__ = ()

    @abstractmethod
    def _caption(self) -> str: ...

    @abstractmethod
    def _rows(self) -> Rows: ...

    def _notes(self) -> Sequence[str]:
        return ()

    def _further(self) -> Mapping[str, Rows]:
        """Further tables by their captions, which text does without."""
        return {}

    def _text(self) -> str:
        """Caption and tables within 80 columns."""
        further = (narrow_table(rows) for rows in self._further().values())
        return "\n".join([captioned_table(self._caption(), self._rows()), *further])

    def to_latex(self, *, caption: str | None = None, label: str | None = None) -> str:
        """The table that `print` shows, with its notes, as a LaTeX table (package booktabs)."""
        text = " ".join(self._caption().split()) if caption is None else caption
        rows = self._rows()
        return latex_table(
            rows if rows[0][0] else narrower(rows),
            caption=text,
            label=label,
            further=self._further().values(),
            notes=self._notes(),
        )

    def __repr__(self) -> str:
        notes = (wrapped(note, indent="  ") for note in self._notes())
        return "\n".join([self._text(), *notes])

    def _repr_html_(self) -> str:
        notes = "".join(f"<p>{escape(note)}</p>" for note in self._notes())
        tables = {" ".join(self._caption().split()): self._rows(), **self._further()}
        return "".join(html_table(rows, caption) for caption, rows in tables.items()) + notes
