"""Signorino & Ritter (1999): the example of their text and Table 6 (1914)."""

from __future__ import annotations

import numpy as np
import pytest

import balancegame as bg

# Order: GMY RUS UK FRN AUH ITA BEL SPN TUR NTH SWD RUM POR SWZ GRC DEN YUG BUL NOR ALB
GERMANY = [3, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0]
RUSSIA = [0, 3, 1, 3, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
WEIGHTS = [0.25, 0.21, 0.2, 0.08, 0.08, 0.05, 0.03, 0.03, 0.02] + [0.01] * 5 + [0.0] * 6


def test_the_authors_example():
    rows, weights = [[3, 3, 2, 2], [2, 2, 3, 3]], [0.5, 0.3, 0.1, 0.1]
    assert bg.s_score(rows, weights)[0, 1] == pytest.approx(1 / 3)


def test_table_6_germany_and_russia():
    rows = [GERMANY, RUSSIA]
    assert bg.s_score(rows)[0, 1] == pytest.approx(0.40)
    assert bg.s_score(rows, WEIGHTS)[0, 1] == pytest.approx(-0.46)
    assert bg.kappa(rows)[0, 1] == pytest.approx(-0.07758621, abs=1e-8)


def test_raw_s_overstates_parallelism():
    """One ally each, none shared, ten potential partners: S is 0.6, chance-corrected -0.111."""
    rows = np.zeros((2, 10))
    rows[0, 0] = rows[1, 1] = 3
    assert bg.s_score(rows)[0, 1] == pytest.approx(0.6)
    assert bg.kappa(rows)[0, 1] == pytest.approx(-1 / 9)
