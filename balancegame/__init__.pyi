from . import errors as errors
from . import testing as testing
from .alliances.balancing import BalancingModel as BalancingModel
from .alliances.camps import Camps as Camps
from .alliances.scenarios import load_model as load_model
from .alliances.scenarios import load_scenario as load_scenario
from .certificates.certificate import Certificate as Certificate
from .certificates.verification import Verification as Verification
from .certificates.verification import verify as verify
from .errors import BalanceGameError as BalanceGameError
from .errors import SearchInterrupted as SearchInterrupted
from .games.deviations import Deviation as Deviation
from .games.equilibrium import Equilibrium as Equilibrium
from .games.nfg_reader import read_nfg as read_nfg
from .games.normal_form import NormalFormGame as NormalFormGame
from .games.results import NashResult as NashResult
from .present.progress import show_progress as show_progress
from .solvers.nash import nash_equilibria as nash_equilibria
from .solvers.pure_nash import pure_nash as pure_nash
from .world.interests import kappa as kappa
from .world.interests import s_score as s_score
from .world.nearest_correlation import nearest_correlation as nearest_correlation
from .world.polarity import Polarity as Polarity
from .world.polarity import polarity as polarity
from .world.scenario_file import scenario_names as scenario_names
from .world.world import World as World

__version__: str
