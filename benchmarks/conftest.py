"""Benchmarks run one after the other: what is measured has the machine to itself."""

from __future__ import annotations


def pytest_xdist_auto_num_workers() -> int:
    return 0
