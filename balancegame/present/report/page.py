"""The whole page: its sections in order, between a head that allows nothing from outside."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib import resources

from balancegame.present.report.findings.findings import Findings
from balancegame.present.report.html import Markup, element, joined, listing, paragraph
from balancegame.present.report.sections.camps import camps_section
from balancegame.present.report.sections.equilibria import equilibria_section
from balancegame.present.report.sections.lasting import lasting_section
from balancegame.present.report.sections.methods import methods_section
from balancegame.present.report.sections.model import model_section
from balancegame.present.report.sections.promises import promises_section
from balancegame.present.report.sections.regions import regions_section
from balancegame.present.report.sections.world import world_section
from balancegame.present.report.subject import Subject

_SECTIONS = (
    ("world", "The world"),
    ("model", "The model"),
    ("equilibria", "Equilibria"),
    ("camps", "Camps"),
    ("regions", "Regions"),
    ("treaties", "Treaties"),
    ("endurance", "Endurance"),
    ("methods", "Methods and citations"),
)


def page(subject: Subject, found: Findings) -> str:
    """The page as text."""
    bodies = (
        world_section(subject),
        model_section(subject),
        equilibria_section(subject, found.equilibria),
        camps_section(subject, found.equilibria),
        regions_section(subject, found.maps),
        promises_section(found.promises, found.first_moves),
        lasting_section(found.selection, found.lasting, found.decline),
        methods_section(subject, found),
    )
    links = [element("a", title, href=f"#{name}") for name, title in _SECTIONS]
    sections = [
        element(
            "section",
            element("h2", title, id=f"{name}-heading"),
            body,
            id=name,
            aria_labelledby=f"{name}-heading",
        )
        for (name, title), body in zip(_SECTIONS, bodies, strict=True)
    ]
    body = element(
        "body",
        element("header", element("h1", subject.title), paragraph(_written(subject))),
        element("nav", listing(links), aria_label="Sections"),
        element("main", *sections),
        element("script", Markup(_file("report.js"))),
    )
    whole = element("html", _head(subject), body, lang="en")
    return f"<!DOCTYPE html>\n{whole}\n"


def _written(subject: Subject) -> str:
    source = f" on the scenario {subject.name}" if subject.name else ""
    return (
        f"A report{source}, written on {subject.date.isoformat()} with "
        f"balancegame {subject.version}."
    )


def _head(subject: Subject) -> Markup:
    script = hashlib.sha256(_file("report.js").encode("utf-8")).digest()
    # Only our own script runs, and nothing is fetched, whatever a scenario file says.
    policy = (
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
        f"script-src 'sha256-{base64.b64encode(script).decode('ascii')}'"
    )
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="generator", content=f"balancegame {subject.version}"),
        element("title", f"{subject.title} - balancegame report"),
        element("link", rel="icon", href="data:,"),
        element("style", Markup(_file("report.css"))),
    )


@cache
def _file(name: str) -> str:
    folder = resources.files("balancegame.present.report")
    return joined([Markup((folder / name).read_text(encoding="utf-8"))])
