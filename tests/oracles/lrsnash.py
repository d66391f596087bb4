"""lrsnash (Avis; Debian package lrslib), an independent solver: the one place that runs it."""

from __future__ import annotations

import shutil
import subprocess
from fractions import Fraction
from pathlib import Path

import balancegame as bg

PRESENT = shutil.which("lrsnash") is not None
ABSENT = "lrsnash is not installed (Debian package lrslib)"


def write(game: bg.NormalFormGame, path: Path) -> None:
    """The game in lrsnash's format: both matrices, row by column."""
    first, second = game.exact_payoffs
    blocks = [f"{game.shape[0]} {game.shape[1]}\n"]
    blocks += ["\n".join(" ".join(map(str, row)) for row in matrix) for matrix in (first, second)]
    path.write_text("\n\n".join(blocks) + "\n")


def run(path: Path) -> str:
    """What lrsnash prints."""
    return subprocess.run(
        ["lrsnash", str(path)], capture_output=True, text=True, check=True, timeout=600
    ).stdout


def extreme_equilibria(game: bg.NormalFormGame, folder: Path) -> set[tuple]:
    """Extreme equilibria as pairs of tuples of Fractions."""
    path = folder / "game.txt"
    write(game, path)
    return parse(run(path))


def parse(printed: str) -> set[tuple]:
    """lrsnash prints the second player's strategies, then the first player's they belong to."""
    found, seconds = set(), []
    previous = "1"
    for line in printed.splitlines():
        words = line.split()
        if not words or words[0] not in ("1", "2"):
            continue
        strategy = tuple(map(Fraction, words[1:-1]))
        if words[0] == "2":
            if previous == "1":
                seconds = []
            seconds.append(strategy)
        else:
            found |= {(strategy, second) for second in seconds}
        previous = words[0]
    return found


RECORDED = Path(__file__).with_name("lrsnash_recorded.txt")


def recorded() -> list[tuple[bg.NormalFormGame, set[tuple]]]:
    """Games with what lrsnash 7.1 printed for them, for where it is not installed."""
    found = []
    for block in RECORDED.read_text().split("\ngame\n")[1:]:
        matrices, printed = block.split("\nprinted\n")
        size, *rows = [line.split() for line in matrices.splitlines() if line.strip()]
        m = int(size[0])
        found.append((bg.NormalFormGame.from_arrays(rows[:m], rows[m:]), parse(printed)))
    return found
