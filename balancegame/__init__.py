"""Games of alliance and balance of power: a world goes in, equilibria come out.

>>> import balancegame as bg
>>> world = bg.load_scenario("europe-1938")
>>> game = bg.load_model("europe-1938").game(world)
>>> print(bg.pure_nash(game))
1 pure Nash equilibrium of Europe, 1938 (pure best responses)
                  [0]
  Britain         balance (0.5739)
  France          neutral (0.6739)
  Soviet Union    balance (0.5739)
  Poland          neutral (0.6739)
  Italy           neutral (0.6739)
  Czechoslovakia  neutral (0.6739)
  margin          0.001759
  Complete for pure equilibria: all 729 pure profiles were checked exactly
"""

import lazy_loader as _lazy

__version__ = "0.1.0"

__getattr__, __dir__, __all__ = _lazy.attach_stub(__name__, __file__)
