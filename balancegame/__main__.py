"""``python -m balancegame`` is the command ``balancegame``."""

import sys

from balancegame.cli import main

sys.exit(main())
