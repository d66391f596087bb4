"""``python -m balancegame.certificates FILE``: re-check a certificate."""

from __future__ import annotations

import sys

from .verification import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
