"""Blocks over threads: everything once, errors at once."""

from __future__ import annotations

import threading
import time

import pytest

from balancegame._kernels import threads


@pytest.mark.parametrize("processors", [1, 2, 5])
@pytest.mark.parametrize(("total", "block"), [(0, 3), (1, 3), (10, 3), (12, 4), (5, 100)])
def test_every_cell_is_visited_once(monkeypatch, processors, total, block):
    monkeypatch.setattr(threads, "_processors", lambda: processors)
    seen, lock, reports = [], threading.Lock(), []

    def work(first, end):
        with lock:
            seen.extend(range(first, end))

    threads.run_blocks(work, total, block, lambda done, of: reports.append((done, of)))
    assert sorted(seen) == list(range(total))
    assert [done for done, _ in reports] == list(range(1, len(reports) + 1))
    threads.run_blocks(work, total, block)


@pytest.mark.parametrize("processors", [1, 3])
def test_an_error_ends_the_work(monkeypatch, processors):
    monkeypatch.setattr(threads, "_processors", lambda: processors)
    begun = []

    def work(first, _end):
        begun.append(first)
        if first == 0:
            raise KeyboardInterrupt
        time.sleep(0.01)

    with pytest.raises(KeyboardInterrupt):
        threads.run_blocks(work, 1000, 1)
    assert len(begun) < 1000


def test_processors_are_counted_where_affinity_is_unknown(monkeypatch):
    monkeypatch.delattr(threads.os, "sched_getaffinity", raising=False)
    assert threads._processors() >= 1


def test_a_worker_among_many_uses_one_thread():
    seen = set()

    def work(first, end):
        seen.add(threading.get_ident())

    with threads.at_most_threads(1):
        threads.run_blocks(work, 100, 1)
    assert seen == {threading.get_ident()}
    with threads.at_most_threads(1), threads.at_most_threads(None):
        seen.clear()
        threads.run_blocks(work, 100, 1)
    assert seen == {threading.get_ident()}
