"""Progress: reported by the work, shown in a terminal, silent elsewhere."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

import balancegame as bg
from balancegame._progress import listening, report
from balancegame.alliances.actions import ACTIONS
from balancegame.present import progress

WORLD = bg.World([*"abcde", "T"], range(1, 7), threat="T")


def test_work_reports_how_far_it_has_come():
    steps = []
    with listening(lambda task, done, total: steps.append((task, done, total))):
        bg.pure_nash(bg.BalancingModel(cohesion=0).game(WORLD, ACTIONS[:3], exact=True))
        bg.BalancingModel().game(bg.World([*"abcdefg", "T"], range(1, 9), threat="T"), ACTIONS[:4])
    assert {task for task, _, _ in steps} == {"payoff table", "pure equilibria"}
    assert ("pure equilibria", 5, 5) in steps
    assert all(0 < done <= total for _, done, total in steps)
    report("nobody listens", 1, 1)
    assert len(steps) == len([s for s in steps if s[0] != "nobody listens"])


@pytest.mark.parametrize("patience", [-1.0, 60.0])
def test_bars_appear_in_a_terminal_for_long_work_only(monkeypatch, patience):
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=True, width=80)
    monkeypatch.setattr(progress, "make_console", lambda **_: console)
    monkeypatch.setattr(progress, "_PATIENCE", patience)
    with bg.show_progress():
        bg.pure_nash(bg.BalancingModel().game(WORLD))
    assert ("payoff table" in stream.getvalue()) == (patience < 0)


def test_nothing_is_shown_elsewhere(capsys):
    with bg.show_progress():
        bg.pure_nash(bg.BalancingModel().game(WORLD))
    assert capsys.readouterr().err == ""


def test_an_interrupt_leaves_no_bar_behind(monkeypatch):
    console = Console(file=io.StringIO(), force_terminal=True, width=80)
    monkeypatch.setattr(progress, "make_console", lambda **_: console)
    monkeypatch.setattr(progress, "_PATIENCE", -1.0)

    def interrupted_work():
        with bg.show_progress():
            report("task", 1, 2)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted_work()
    assert not console._live_stack
