"""``balancegame verify``."""

from __future__ import annotations

import click

from balancegame.certificates.verification import verify
from balancegame.cli.exit_codes import CLAIM_FAILED, DONE
from balancegame.errors import InvalidParameterError
from balancegame.present.console import make_console
from balancegame.present.progress import show_progress


@click.command("verify")
@click.argument("file", metavar="FILE")
def command(file: str) -> int:
    """Re-check a certificate; no solver is involved. Exit code 1 if a claim fails."""
    with show_progress():
        try:
            found = verify(file)
        except ValueError as error:
            raise InvalidParameterError(str(error)) from None
    make_console().print(str(found), markup=False, soft_wrap=True)
    return DONE if found.ok else CLAIM_FAILED
