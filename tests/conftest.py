"""Settings shared by all tests."""

from __future__ import annotations

import os
import signal

import pytest
from hypothesis import HealthCheck, settings

import balancegame as bg

# A shell's background jobs ignore Ctrl-C, which tests of interruption send to themselves.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

_slow_is_fine = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile(
    "ci", max_examples=200, deadline=None, suppress_health_check=_slow_is_fine, derandomize=True
)
settings.register_profile(
    "thorough", max_examples=3000, deadline=None, suppress_health_check=_slow_is_fine
)
settings.register_profile(
    "quick", max_examples=15, deadline=None, suppress_health_check=_slow_is_fine, derandomize=True
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def pytest_collection_modifyitems(items):
    if os.environ.get("NUMBA_DISABLE_JIT", "0") == "0":
        return
    skip = pytest.mark.skip(reason="needs compiled kernels, and NUMBA_DISABLE_JIT is set")
    for item in items:
        if "compiled" in item.keywords:
            item.add_marker(skip)


@pytest.fixture
def golden_world() -> bg.World:
    return bg.load_scenario("golden-3")
