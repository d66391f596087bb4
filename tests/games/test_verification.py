"""Verifying what has no certificate says why."""

from __future__ import annotations

import pytest

import balancegame as bg
from balancegame.errors import InvalidTypeError, MissingCertificateError
from tests.automata import dilemma


def test_a_result_without_a_certificate_says_why():
    found = bg.feasible_payoffs(bg.RepeatedGame(dilemma(), "3/5"))
    assert found.certificate is None
    with pytest.raises(MissingCertificateError, match=r"hull of stage payoffs.*in rationals"):
        bg.verify(found)


@pytest.mark.parametrize(
    ("subject", "hint"),
    [
        (bg.ally_game(2, 2, 1, 0).treaty(), r"treaty\.incentives\(discount\)"),
        (bg.tit_for_tat(dilemma()), r"one_shot_deviations\(automaton, discount\)"),
        (3, "give a result or a path$"),
        (bg.critical_discount(dilemma(), ["help", "help"]), "a CriticalDiscount has no"),
    ],
)
def test_what_is_no_result_with_a_certificate_is_refused(subject, hint):
    with pytest.raises(InvalidTypeError, match=hint):
        bg.verify(subject)


def test_certificates_files_and_results_are_verified(tmp_path):
    found = bg.nash_equilibria(dilemma())
    file = tmp_path / "proof.json"
    found.certificate.save(file)
    for subject in (found, found.certificate, file, str(file)):
        assert bg.verify(subject).ok
