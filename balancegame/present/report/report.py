"""A report on a world: everything this package finds out about it, as one HTML file."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date as Date
from pathlib import Path
from typing import Any, final

import balancegame
from balancegame._checks import check_count, check_text, check_type
from balancegame._numbers import Number, format_number, parse_number, shorten
from balancegame._words import counted
from balancegame.alliances.balancing import BalancingModel
from balancegame.alliances.used_parameters import Hegemon
from balancegame.errors import InvalidParameterError, InvalidTypeError
from balancegame.games.narrow_text import wrapped
from balancegame.present.report.findings.equilibria import EquilibriaFound
from balancegame.present.report.findings.findings import Findings, Settings, find_all
from balancegame.present.report.findings.missing import Missing
from balancegame.present.report.findings.region_maps import Grid
from balancegame.present.report.page import page
from balancegame.present.report.subject import Subject
from balancegame.world.world import World

_MAX_SUPPORTS = 20_000


@final
@dataclass(frozen=True, slots=True, repr=False)
class Report:
    """What was found out about a world under a model, ready to be written as one HTML file.

    `Report.of` works it out, `save` writes it.

    Attributes
    ----------
    subject : Subject
        The world and the model, where the parameters came from, version and date.
    findings : Findings
        The results, section by section; where there is none, why.

    Examples
    --------
    >>> import balancegame as bg
    >>> report = bg.Report.of(
    ...     bg.load_scenario("golden-3"), bg.BalancingModel(decisiveness=2), maps=()
    ... )
    >>> report
    Report on Golden vectors, three states: 1 equilibrium (certificate re-checked:
      all claims hold)
    >>> report.to_html().startswith("<!DOCTYPE html>")
    True
    """

    subject: Subject
    findings: Findings

    @classmethod
    def of(
        cls,
        world: World,
        model: BalancingModel,
        *,
        actions: Sequence[str] = ("balance", "bandwagon", "neutral"),
        hegemon: Hegemon = "fixed",
        precision: Number = 100,
        points: int = 60,
        maps: Iterable[Grid] | None = None,
        max_supports: int = _MAX_SUPPORTS,
        origins: Mapping[str, str] | None = None,
        name: str = "",
        date: Date | None = None,
    ) -> Report:
        """Work out everything that a report says.

        Parameters
        ----------
        world : World
            Without a threat only the world itself is described.
        model : BalancingModel
        actions, hegemon
            As for `BalancingModel.game`.
        precision : number >= 0
            As for `endurance`.
        points : int
            Points on each axis of the usual maps, 2 to 200; time grows with its square.
        maps : iterable of mappings {parameter: values}, optional
            Two axes each, as for `sweep`; the last runs across. By default power ratio and
            parallelism, and two parameters of the model.
        max_supports : int
            As for `nash_equilibria`: beyond, pure equilibria only.
        origins : mapping {parameter: text}, optional
            Where values of parameters come from; "default" where not given.
        name : str, optional
            What the world is called where it was loaded from.
        date : datetime.date, optional
            Default: today.

        Returns
        -------
        Report

        Raises
        ------
        InvalidTypeError, InvalidParameterError
            Options out of their range. What goes wrong later, in one section, is told there, and
            the other sections are worked out all the same.
        SearchInterrupted, KeyboardInterrupt
            On Ctrl-C.

        Notes
        -----
        Some seconds for six states of three actions, most of them for the maps. Parts whose cost
        explodes have limits, named where they are met: maps and selection 4,096 profiles,
        agreements 65,536, commitments 7 states, declines 6.
        """
        check_type(world, World, "world")
        check_type(model, BalancingModel, "model")
        settings = Settings(
            actions=tuple(actions),
            hegemon=hegemon,
            precision=_precision(precision),
            points=_points(points),
            maps=None if maps is None else _grids(maps),
            max_supports=check_count(max_supports, "max_supports", 0),
        )
        check_text(name, "name")
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", UserWarning)
            findings = find_all(world, model, settings)
        for one in caught:
            warnings.warn(one.message, one.category, stacklevel=2)
        heard = [str(one.message) for one in caught if issubclass(one.category, UserWarning)]
        subject = Subject(
            world=world,
            model=model,
            settings=settings,
            origins=tuple(sorted((origins or {}).items())),
            name=name,
            notes=tuple(dict.fromkeys(heard)),
            version=balancegame.__version__,
            date=Date.today() if date is None else date,
        )
        return cls(subject, findings)

    def to_html(self) -> str:
        """The whole page; it asks nothing of any network."""
        return page(self.subject, self.findings)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the page to a file, whole or not at all; an older file gives way.

        Raises
        ------
        InvalidParameterError
            There is no such folder, or the path is one.
        OSError
            The file cannot be written.
        """
        target = check_target(path)
        content = self.to_html().encode("utf-8")
        if target.exists() and not target.is_file():  # a pipe or a device
            target.write_bytes(content)
            return
        draft = target.with_name(f".{target.name}.{os.getpid()}.part")
        try:
            draft.write_bytes(content)
            draft.replace(target)
        except BaseException:
            with suppress(OSError):
                draft.unlink()
            raise

    def __hash__(self) -> int:
        return hash((self.subject.title, self.subject.date))

    def __repr__(self) -> str:
        title = self.subject.title
        found = self.findings.equilibria
        if isinstance(found, Missing):
            return wrapped(f"Report on {title}: {found.reason}")
        return wrapped(f"Report on {title}: {_equilibria_text(found)}")


def _equilibria_text(found: EquilibriaFound) -> str:
    noun = "equilibrium" if len(found.result) == 1 else "equilibria"
    text = f"{len(found.result)} {'pure ' if found.result.pure_only else ''}{noun}"
    if found.verification is None:
        return f"{text} (no certificate)"
    verdict = "all claims hold" if found.verification.ok else "it does not hold"
    return f"{text} (certificate re-checked: {verdict})"


def write_report(
    world: World, model: BalancingModel, path: str | os.PathLike[str], **options: Any
) -> Report:
    """Write everything that is found out about a world into one HTML file.

    Parameters
    ----------
    world : World
    model : BalancingModel
    path : path
        An older file of that name gives way, once all is done.
    **options
        As for `Report.of`: actions, hegemon, precision, points, maps, max_supports, origins, name,
        date.

    Returns
    -------
    Report

    Raises
    ------
    InvalidParameterError
        There is no such folder. Also what `Report.of` raises.
    OSError
        The file cannot be written.

    Notes
    -----
    The page shows the world, the model, all equilibria with their certificate and what became of
    re-checking it, the camps, maps of the equilibria over two parameters, agreements and their
    critical discount factors, what endures, and a paragraph on methods with its references. It
    needs no network, and can be read without its script. See docs/report.md.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> import balancegame as bg
    >>> path = pathlib.Path(tempfile.mkdtemp(), "report.html")
    >>> world, model = bg.load_scenario("golden-3"), bg.BalancingModel(decisiveness=2)
    >>> bg.write_report(world, model, path, points=5)
    Report on Golden vectors, three states: 1 equilibrium (certificate re-checked:
      all claims hold)
    >>> "<title>" in path.read_text(encoding="utf-8")
    True
    """
    check_target(path)
    made = Report.of(world, model, **options)
    made.save(path)
    return made


def check_target(path: object) -> Path:
    """The path of a file that can be written, as far as can be told before any work is done."""
    if not isinstance(path, str | os.PathLike):
        message = f"path is {shorten(path)}; give the path of the file to write"
        raise InvalidTypeError(message)
    target = Path(path)
    if target.is_dir() or not target.absolute().parent.is_dir():
        message = f"cannot write {target}: " + (
            "it is a folder" if target.is_dir() else f"there is no folder {target.parent}"
        )
        raise InvalidParameterError(message)
    return target


def _precision(value: Number) -> Number:
    number = parse_number(value, "precision", InvalidParameterError)
    if number < 0:
        message = f"precision is {format_number(number)}; it must be at least 0"
        raise InvalidParameterError(message)
    return number


def _points(value: int) -> int:
    points = check_count(value, "points", 2)
    if points > 200:
        message = f"points is {points}; at most 200 on an axis: {counted(points**2, 'point')} a map"
        raise InvalidParameterError(message)
    return points


def _grids(maps: Iterable[Any]) -> tuple[Grid, ...]:
    if isinstance(maps, Mapping | str) or not isinstance(maps, Iterable):  # pyright: ignore[reportUnnecessaryIsInstance]
        message = f"maps is {shorten(maps)}; give a sequence of mappings {{parameter: values}}"
        raise InvalidTypeError(message)
    grids = tuple(maps)
    for grid in grids:
        if not isinstance(grid, Mapping):
            message = f"maps holds {shorten(grid)}; give mappings {{parameter: values}}"
            raise InvalidTypeError(message)
    return tuple({name: _listed(grid[name]) for name in grid} for grid in grids)


def _listed(values: Any) -> Any:
    """Values as a list, where they come in an array, so that reports compare by content."""
    return values.tolist() if hasattr(values, "tolist") else values
