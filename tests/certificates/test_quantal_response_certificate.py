"""Certificates of quantal responses: true ones hold, false ones fail by what is untrue of them."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import balancegame as bg
from balancegame import errors
from balancegame.certificates.certificate import Certificate, encode_fraction
from balancegame.certificates.exponential import BITS, exponential
from balancegame.certificates.reading import Failure, read_fraction
from balancegame.certificates.verification import verify_text
from balancegame.testing import normal_form_games

GAME = bg.NormalFormGame.from_arrays(
    [[9, 0, 2], [0, 1, "1/3"]], [[0, 1, 1], [1, 0, 2]], title="pennies and more"
)
COORDINATION = bg.NormalFormGame.from_arrays(np.eye(2), np.eye(2))


def data_of(game=GAME, precision=1):
    return json.loads(bg.quantal_response(game, precision).certificate.to_json())


def verified(data):
    data.pop("sha256", None)
    return verify_text(Certificate(data).to_json())


def failed(data):
    return [name for name, _ in verified(data).failed]


@given(normal_form_games(max_players=3), st.sampled_from([0, 0.5, "7/3", 20]))
def test_results_can_be_verified(game, precision):
    """Unless the precision happens to be where the branch meets another."""
    result = bg.quantal_response(game, precision)
    try:
        found = bg.verify(result)
    except errors.ConvergenceError:
        assert result.error_bound > 1e-9
        return
    assert found.ok, str(found)
    assert len(found.checked) == 6


@pytest.mark.parametrize("shape", [(1,), (4,), (1, 3), (2, 3, 2), (3,) * 4, (2,) * 7, (12, 9)])
@pytest.mark.parametrize("precision", [0.1, 3.0, 80.0])
def test_results_of_all_shapes_can_be_verified(shape, precision):
    game = bg.NormalFormGame(np.random.default_rng(1).normal(size=(len(shape), *shape)))
    result = bg.quantal_response(game, precision)
    data = result.certificate.data
    assert bg.verify(result).ok
    radius = read_fraction(data["radius"])
    assert radius < Fraction(1, 10**24)
    for written, part in zip(data["profile"], result.profile, strict=True):
        for chance, found in zip(map(read_fraction, written), part.tolist(), strict=True):
            assert abs(chance - Fraction(found)) <= Fraction(result.error_bound) + radius


def test_a_tiny_probability_is_no_obstacle():
    game = bg.NormalFormGame.from_arrays([[0, 0], [5, 5]], [[1, 2], [1, 2]])
    result = bg.quantal_response(game, 1e6)
    assert bg.verify(result).ok
    assert result.certificate.data["profile"][0][0] == 0


def test_the_certificate_proves_what_it_says_of_another_root():
    """Past the pitchfork there are three logit equilibria; balls about them are disjoint."""
    middle = bg.quantal_response(COORDINATION, 3)
    favoured = bg.NormalFormGame.from_arrays(np.diag([1 + 1e-9, 1]), np.diag([1 + 1e-9, 1]))
    side = bg.quantal_response(favoured, 3)
    assert bg.verify(middle).ok
    assert bg.verify(side).ok
    assert middle.profile[0][0] == 0.5
    assert side.profile[0][0] > 0.9


def test_no_certificate_where_the_equilibria_meet():
    result = bg.quantal_response(COORDINATION, 2)
    assert result.profile[0].tolist() == [0.5, 0.5]
    with pytest.raises(errors.ConvergenceError, match="choose another precision"):
        bg.verify(result)


def test_no_certificate_of_a_large_table(monkeypatch):
    game = bg.NormalFormGame(np.random.default_rng(0).normal(size=(5, *(8,) * 5)))
    with pytest.raises(errors.TableTooLargeError, match=r"163,840 payoffs"):
        bg.verify(bg.quantal_response(game, 0.1))


def shift_payoff(data):
    data["game"]["payoffs"][0][0][0] += 1


def other_precision(data):
    data["precision"] = encode_fraction(Fraction(100001, 100000))


def negative_precision(data):
    data["precision"] = -1


def move_profile(data):
    data["profile"][0] = data["profile"][0][::-1]


def negative_profile(data):
    data["profile"][0][0] = -1


def positive_log(data):
    data["logs"][1][1] = 3


def move_logs(data):
    part = data["logs"][0]
    part[0] = encode_fraction(read_fraction(part[0]) + Fraction(1, 10**12))


def no_inverse(data):
    data["inverse"]["rows"] = [[0] * 5 for _ in range(5)]


def another_inverse(data):
    data["inverse"]["rows"].reverse()


def no_reference(data):
    data["references"][0] = 2


def no_unit(data):
    data["inverse"]["bits"] = -3


def wide_box(data):
    data["log_radius"] = 1


def no_box(data):
    data["log_radius"] = 0


def thin_box(data):
    data["log_radius"] = encode_fraction(read_fraction(data["log_radius"]) / 10**9)


def small_radius(data):
    data["radius"] = encode_fraction(read_fraction(data["radius"]) / 1000)


GAMES, PROFILE = "game: players, actions and payoffs", "profile: near the exponentials of the logs"
SLOPES = "derivatives: nearly inverted by the matrix, over all of the box"
BOX = "box: it holds just one logit equilibrium of the precision"
RADIUS = "radius: the equilibrium is within it of the profile"


@pytest.mark.parametrize(
    ("alter", "claim"),
    [
        (shift_payoff, BOX),
        (other_precision, BOX),
        (negative_precision, PROFILE),
        (move_profile, SLOPES),
        (negative_profile, PROFILE),
        (positive_log, PROFILE),
        (move_logs, BOX),
        (no_inverse, SLOPES),
        (another_inverse, SLOPES),
        (no_unit, SLOPES),
        (no_reference, SLOPES),
        (wide_box, SLOPES),
        (no_box, PROFILE),
        (thin_box, BOX),
        (small_radius, RADIUS),
    ],
)
def test_the_claim_that_is_untrue_is_named(alter, claim):
    data = data_of()
    alter(data)
    assert failed(data) == [claim]


def test_a_wider_radius_holds_as_well():
    data = data_of()
    data["radius"] = "0x1/0x3"
    assert verified(data).ok


@given(st.data())
def test_junk_anywhere_is_a_failed_claim_not_a_crash(data):
    certificate = data_of()
    del certificate["sha256"]
    here = certificate
    while True:
        keys = list(here) if isinstance(here, dict) else range(len(here))
        key = data.draw(st.sampled_from(list(keys)))
        inner = here[key]
        if not isinstance(inner, dict | list) or not inner or data.draw(st.booleans()):
            break
        here = inner
    junk = data.draw(
        st.none()
        | st.booleans()
        | st.integers(-3, 300)
        | st.text(max_size=3)
        | st.lists(st.integers(-1, 3), max_size=3)
        | st.sampled_from(["0x1/0x0", "-0x1/0x3", "0x" + "f" * 300])
    )
    unchanged = here[key] == junk and type(here[key]) is type(junk)
    here[key] = junk
    found = verified(certificate)
    if found.ok:  # a name, a wider radius, or a precision or matrix so near that it serves as well
        assert unchanged or isinstance(junk, str | int)


def test_the_folder_alone_checks_a_file(tmp_path):
    """Copied elsewhere, with no package and no site-packages."""
    source = Path(bg.__file__).parent / "certificates"
    shutil.copytree(source, tmp_path / "certificates")
    bg.quantal_response(GAME, 1).certificate.save(tmp_path / "one.json")
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c",
         "import sys; sys.path.insert(0, '.'); from certificates.verification import main;"
         "sys.exit(main(['one.json']))"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "All claims hold" in done.stdout


@given(st.fractions(-200, 2))
def test_exponentials_are_enclosed(x):
    """By definition: a sum of enough terms of exp(-x), whose rest is bounded by the next one."""
    low, high = exponential(x)
    assert 0 <= low <= high
    assert high - low <= max(high, Fraction(1)) / (1 << BITS - 8)
    y = abs(x)
    term = total = Fraction(1)
    for k in range(1, 40):
        term = term * y / k
        total += term
    if y < 20:  # then terms shrink by half, or faster
        below, above = (total, total + term) if x >= 0 else (1 / (total + term), 1 / total)
        assert below <= high
        assert low <= above


@pytest.mark.parametrize("x", [0, 1, -1, Fraction(-1, 10**40), -159, -161, 2])
def test_exponentials_agree_with_a_library(x):
    mpmath = pytest.importorskip("mpmath")
    with mpmath.workprec(700):
        true = mpmath.exp(mpmath.mpf(Fraction(x).numerator) / Fraction(x).denominator)
        low, high = (
            mpmath.mpf(one.numerator) / one.denominator for one in exponential(Fraction(x))
        )
        assert low <= true <= high


def test_exponentials_of_large_numbers_are_refused():
    with pytest.raises(Failure):
        exponential(Fraction(5, 2))
