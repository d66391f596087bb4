"""Verify results, with the reason where there is nothing to verify.

The checker itself, `balancegame.certificates`, is complete in itself and knows no errors of ours.
"""

from __future__ import annotations

from os import PathLike

from balancegame.certificates import verification
from balancegame.certificates.certificate import Certificate
from balancegame.certificates.verification import Verification
from balancegame.errors import InvalidTypeError, MissingCertificateError


def verify(subject: object) -> Verification:
    """Re-check a certificate with integers and look-ups alone, without any solver.

    Parameters
    ----------
    subject : result, Certificate, str or path
        A solver's result, its `certificate`, or the path of a file with one.

    Returns
    -------
    Verification
        `ok`, and in `failed` every claim that does not hold, with its place.

    Raises
    ------
    MissingCertificateError
        The result carries no certificate; the message has the reason.
    InvalidTypeError
        Something else than a result, a certificate or a path.
    ValueError
        The file is larger than 1 GiB.
    OSError
        The file cannot be read.

    Examples
    --------
    >>> import balancegame as bg
    >>> game = bg.NormalFormGame.from_arrays([[2, 0], [0, 1]], [[1, 0], [0, 2]])
    >>> print(bg.verify(bg.nash_equilibria(game)))
    Certificate: all equilibria of a two-player game
      holds   text: as it was written
      holds   game: payoffs read, and made positive by an affine change
      holds   P: points and their labels
      holds   P: the list is closed under adjacency, and so complete
      holds   Q: points and their labels
      holds   Q: the list is closed under adjacency, and so complete
      holds   equilibria: the pairs of vertices that have every label
      holds   equilibria: profiles, payoffs and best responses
      holds   components: as the pairs are connected
    All claims hold.
    """
    if isinstance(subject, str | PathLike | Certificate):
        return verification.verify(subject)
    kind = type(subject).__name__
    if not hasattr(subject, "certificate"):
        message = f"a {kind} has no certificate; give a result or a path{_instead(subject)}"
        raise InvalidTypeError(message)
    certificate = getattr(subject, "certificate", None)
    if not isinstance(certificate, Certificate):
        reason = getattr(subject, "reason", "")
        method = getattr(subject, "method", "")
        message = (
            f"this {kind} has no certificate: its method{f' ({method})' if method else ''} leaves "
            f"no evidence to re-check{f'; what is known of it: {reason}' if reason else ''}"
        )
        raise MissingCertificateError(message)
    return verification.verify(certificate)


def _instead(subject: object) -> str:
    """What has the certificate of something that has none itself."""
    if hasattr(subject, "incentives"):
        return ", for instance treaty.incentives(discount)"
    if hasattr(subject, "situations"):
        return ", for instance one_shot_deviations(automaton, discount)"
    return ""
