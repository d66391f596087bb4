"""Models from the literature as small builders, each with its reference and its numbers.

Where a docstring says "our skeleton", the original's text was not at hand: the formulas follow its
idea and replicate nothing but the numbers quoted. docs/published-models.md has the table.

>>> import balancegame as bg
>>> bg.published.tullock_contest(2).effort
Fraction(1, 4)
"""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach_stub(__name__, __file__)
