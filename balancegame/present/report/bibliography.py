"""What is to be cited, in BibTeX."""

from __future__ import annotations

import re
from collections.abc import Sequence

from balancegame.present.report.subject import Subject

SOFTWARE = {
    "title": "balancegame: games of alliance and balance of power",
    "author": "The balancegame developers",
    "license": "MIT",
}
"""As in CITATION.cff."""

_REFERENCES: dict[str, tuple[str, dict[str, str]]] = {
    "nash1950": (
        "article",
        {
            "author": "Nash, John F.",
            "title": "Equilibrium points in n-person games",
            "journal": "Proceedings of the National Academy of Sciences",
            "volume": "36",
            "pages": "48--49",
            "year": "1950",
        },
    ),
    "mangasarian1964": (
        "article",
        {
            "author": "Mangasarian, O. L.",
            "title": "Equilibrium points of bimatrix games",
            "journal": "Journal of the Society for Industrial and Applied Mathematics",
            "volume": "12",
            "pages": "778--780",
            "year": "1964",
        },
    ),
    "avis2010": (
        "article",
        {
            "author": "Avis, David and Rosenberg, Gabriel D. and Savani, Rahul and von Stengel, "
            "Bernhard",
            "title": "Enumeration of {Nash} equilibria for two-player games",
            "journal": "Economic Theory",
            "volume": "42",
            "pages": "9--37",
            "year": "2010",
        },
    ),
    "porter2008": (
        "article",
        {
            "author": "Porter, Ryan and Nudelman, Eugene and Shoham, Yoav",
            "title": "Simple search methods for finding a {Nash} equilibrium",
            "journal": "Games and Economic Behavior",
            "volume": "63",
            "pages": "642--662",
            "year": "2008",
        },
    ),
    "friedman1971": (
        "article",
        {
            "author": "Friedman, James W.",
            "title": "A non-cooperative equilibrium for supergames",
            "journal": "Review of Economic Studies",
            "volume": "38",
            "pages": "1--12",
            "year": "1971",
        },
    ),
    "christensen1990": (
        "article",
        {
            "author": "Christensen, Thomas J. and Snyder, Jack",
            "title": "Chain gangs and passed bucks: Predicting alliance patterns in multipolarity",
            "journal": "International Organization",
            "volume": "44",
            "pages": "137--168",
            "year": "1990",
        },
    ),
    "aumann1959": (
        "incollection",
        {
            "author": "Aumann, Robert J.",
            "title": "Acceptable points in general cooperative n-person games",
            "booktitle": "Contributions to the Theory of Games IV",
            "pages": "287--324",
            "publisher": "Princeton University Press",
            "year": "1959",
        },
    ),
    "bernheim1987": (
        "article",
        {
            "author": "Bernheim, B. Douglas and Peleg, Bezalel and Whinston, Michael D.",
            "title": "Coalition-proof {Nash} equilibria {I}: Concepts",
            "journal": "Journal of Economic Theory",
            "volume": "42",
            "pages": "1--12",
            "year": "1987",
        },
    ),
    "blume1993": (
        "article",
        {
            "author": "Blume, Lawrence E.",
            "title": "The statistical mechanics of strategic interaction",
            "journal": "Games and Economic Behavior",
            "volume": "5",
            "pages": "387--424",
            "year": "1993",
        },
    ),
    "young1993": (
        "article",
        {
            "author": "Young, H. Peyton",
            "title": "The evolution of conventions",
            "journal": "Econometrica",
            "volume": "61",
            "pages": "57--84",
            "year": "1993",
        },
    ),
    "ray1973": (
        "article",
        {
            "author": "Ray, James Lee and Singer, J. David",
            "title": "Measuring the concentration of power in the international system",
            "journal": "Sociological Methods and Research",
            "volume": "1",
            "pages": "403--437",
            "year": "1973",
        },
    ),
}

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "&%$#_{}"},
}
_TO_ESCAPE = re.compile(r"[\\~^&%$#_{}]")


def bibtex(subject: Subject, keys: Sequence[str]) -> str:
    """Entries for the software, the methods, and the scenario's own sources."""
    entries = [_software(subject)]
    entries += [_entry(key, *_REFERENCES[key]) for key in dict.fromkeys(keys) if key in _REFERENCES]
    entries += [
        _entry(f"source{k}", "misc", {"note": f"{{{_escaped(source)}}}"})
        for k, source in enumerate(subject.world.sources, 1)
    ]
    return "\n\n".join(entries)


def _software(subject: Subject) -> str:
    return _entry(
        "balancegame",
        "software",
        {
            "author": f"{{{SOFTWARE['author']}}}",
            "title": f"{{{SOFTWARE['title']}}}",
            "version": subject.version,
            "license": SOFTWARE["license"],
            "year": str(subject.date.year),
        },
    )


def _entry(key: str, kind: str, fields: dict[str, str]) -> str:
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items()]
    return "\n".join([f"@{kind}{{{key},", *lines, "}"])


def _escaped(source: str) -> str:
    """Text as BibTeX and LaTeX take it, on one line."""
    return _TO_ESCAPE.sub(lambda found: _SPECIAL[found.group()], " ".join(source.split()))
