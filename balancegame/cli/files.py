"""Files that commands write."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from balancegame.errors import InvalidParameterError


def check_writable(option: str, target: str) -> None:
    """Refuse a file that cannot be written, before any work is done for it."""
    if target == "-" and option == "--json":
        return
    path = Path(target)
    if path.is_dir() or not path.absolute().parent.is_dir():
        message = f"{option} {target}: " + (
            "is a folder" if path.is_dir() else "no such folder to write a file in"
        )
        raise InvalidParameterError(message)


def write_json(target: str, report: Mapping[str, Any]) -> None:
    """Write JSON to a file, or to standard output where the target is ``-``."""
    text = json.dumps(report, indent=2, ensure_ascii=False)
    if target == "-":
        click.echo(text)
    else:
        Path(target).write_text(text + "\n", encoding="utf-8")
