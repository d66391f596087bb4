"""One of every kind of result, about states whose names are long and many."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import cache

import numpy as np
import pandas as pd

import balancegame as bg
from balancegame.errors import SearchInterrupted

POWERS = (
    "United Kingdom of Great Britain",
    "French Republic",
    "Union of Soviet Socialist Republics",
    "Czechoslovakia",
    "Kingdom of Yugoslavia",
    "United States of America",
)
ACTIONS = ("balance against it", "bandwagon with it", "stay neutral")
TITLE = "the powers of Europe on the eve of the war that none of them is said to have wanted"


@cache
def world():
    names = [*POWERS[:5], "German Reich"]
    return bg.World(names, [3, 2, 4, 1, 1, 5], threat="German Reich", title=TITLE)


@cache
def model():
    return bg.BalancingModel(decisiveness=2, cohesion="1/8", autonomy_loss="0.81")


@cache
def random_game(n=6, actions=ACTIONS[:2], seed=1):
    rng = np.random.default_rng(seed)
    shape = (n,) + (len(actions),) * n
    return bg.NormalFormGame(rng.normal(size=shape) * 1e4, POWERS[:n], actions, title=TITLE)


@cache
def tied_game():
    payoffs = np.random.default_rng(2).integers(0, 2, (5,) + (3,) * 5)
    return bg.NormalFormGame(payoffs, POWERS[:5], ACTIONS, title=TITLE)


@cache
def two_player(a=((3, 0, 1), (1, 2, 0), (0, 1, 3)), b=((3, 1, 0), (0, 2, 1), (1, 0, 3))):
    return bg.NormalFormGame.from_arrays(
        a, b, players=[POWERS[0], POWERS[2]], actions=ACTIONS[: len(a)], title=TITLE
    )


@cache
def pennies():
    return two_player(((1, -1), (-1, 1)), ((-1, 1), (1, -1)))


@cache
def dilemma():
    return two_player(((2, 0), (3, 1)), ((2, 3), (0, 1)))


@cache
def flat():
    """Continua of equilibria."""
    return two_player(((1, 1), (1, 1)), ((1, 1), (0, 2)))


@cache
def alignment_game(n=15):
    rng = np.random.default_rng(3)
    names = [f"{POWERS[k % 6]} {k}" for k in range(n)]
    likes = np.triu(rng.normal(size=(n, n)), 1) * 1e3
    return bg.AlignmentGame(rng.uniform(1, 1e6, n), likes + likes.T, names, title=TITLE)


@cache
def stages():
    peace = random_game(4, ACTIONS[:2], 4)
    war = random_game(4, ACTIONS[:2], 5)
    return (
        bg.Contingency("peace among all of them", "1/3", peace),
        bg.Contingency("war between two of them", "2/3", war),
    )


@cache
def treaty(breach):
    kinds = {
        "exclusion": bg.exclusion("withhold"),
        "penance": bg.penance(1, violator="withhold", others="withhold"),
        "reversion": bg.reversion(),
    }
    return bg.collective_security(
        ["1/7"] * 5, 10, 1, names=POWERS[:5], breach=kinds[breach], title=TITLE
    )


@cache
def symbolic():
    three = bg.World([*POWERS[:2], POWERS[3]], [1, 1, 1], threat=POWERS[3], title=TITLE)
    over = {"power_ratio": "r", "autonomy_loss": "alpha", "alliance_cost": "c"}
    return bg.symbolic_game(bg.BalancingModel(cohesion=0), three, ["balance", "neutral"], over=over)


@cache
def automaton():
    return bg.grim(stages(), [0] * 4, [1] * 4)


@cache
def backtest():
    codes = {"Britain": 200, "France": 220, "Germany": 255, "Russia": 365}
    years = range(1900, 1906)
    capabilities = [
        {"ccode": code, "year": year, "milex": power, "milper": 1, "irst": 1, "pec": 1, "tpop": 1,
         "upop": 1, "cinc": power / 100}
        for year in years
        for code, power in zip(codes.values(), (20, 15, 40, 25), strict=True)
    ]  # fmt: skip
    kinds = dict.fromkeys(("defense", "offense", "neutral", "nonagg", "consul"), 0)
    treaties = [
        {"ccode1": a, "ccode2": b, "year": year, **kinds, "defense": 1}
        for year in years
        for a, b in ((200, 220), (220, 200))
    ]
    powers = [{"ccode": code, "styear": 1816, "endyear": 1910} for code in codes.values()]
    wars = [
        {"warnum": 1, "ccode": 255, "side": 1, "styear": 1905, "endyear": 1905, "initiator": 1},
        {"warnum": 1, "ccode": 220, "side": 2, "styear": 1905, "endyear": 1905, "initiator": 2},
    ]
    return bg.backtest(
        capabilities=pd.DataFrame(capabilities),
        alliances=pd.DataFrame(treaties),
        major_powers=pd.DataFrame(powers),
        wars=pd.DataFrame(wars),
        horizon=2,
    )


@cache
def interrupted_selection():
    from balancegame._progress import listening

    def stop(task, done, _whole):
        if task == "columns of the selection table" and done == 4:
            raise KeyboardInterrupt

    try:
        with listening(stop):
            bg.selection(dilemma())
    except SearchInterrupted as stopped:
        return stopped.result
    raise AssertionError


def irrational():
    from balancegame.solvers.repeated.algebraic_numbers import AlgebraicNumber

    return AlgebraicNumber((-1, 0, 2), Fraction(0), Fraction(1))


RESULTS = {
    "World": world,
    "BalancingModel": lambda: bg.BalancingModel(
        decisiveness=2, cohesion="1/8", autonomy_loss=dict.fromkeys(POWERS, "1/3")
    ),
    "Polarity": lambda: bg.polarity(world()),
    "NormalFormGame": random_game,
    "NormalFormGame of two": two_player,
    "NashResult pure": lambda: bg.pure_nash(tied_game()),
    "NashResult": lambda: bg.nash_equilibria(two_player()),
    "NashResult with continua": lambda: bg.nash_equilibria(flat()),
    "NashResult of one": lambda: bg.nash_equilibria(dilemma()),
    "NashResult of none": lambda: bg.pure_nash(pennies()),
    "list of equilibria": lambda: bg.nash_equilibria(two_player()).equilibria,
    "Equilibrium": lambda: bg.nash_equilibria(two_player())[2],
    "Deviation": lambda: bg.pure_nash(tied_game())[0].deviations[0],
    "zero_sum_equilibria": lambda: bg.zero_sum_equilibria(pennies()),
    "lemke_howson": lambda: bg.lemke_howson(two_player()),
    "BatchResult": lambda: bg.solve_batch(np.arange(10.0).reshape(1, 2, 5, 1)),
    "strong": lambda: bg.strong_equilibria(tied_game()),
    "strong by lot": lambda: bg.strong_equilibria(tied_game(), deviations="correlated"),
    "coalition-proof": lambda: bg.coalition_proof_equilibria(dilemma()),
    "Blockings": lambda: bg.strong_equilibria(tied_game()).blocked,
    "Blocking": lambda: bg.strong_equilibria(tied_game()).blocked[0],
    "Blocking by lot": lambda: bg.strong_equilibria(tied_game(), deviations="correlated").blocked[
        0
    ],
    "SelectionTable": lambda: bg.selection(two_player()),
    "SelectionTable of one": lambda: bg.selection(dilemma()),
    "SelectionTable with continua": lambda: bg.selection(flat()),
    "SelectionTable interrupted": interrupted_selection,
    "SelectionRow": lambda: bg.selection(two_player())[0],
    "UndominatedResult": lambda: bg.undominated(random_game(4, ACTIONS)),
    "UndominatedResult weak": lambda: bg.undominated(tied_game(), weak=True, max_rounds=1),
    "Elimination": lambda: bg.undominated(dilemma()).eliminations[0],
    "RationalizableResult": lambda: bg.rationalizable(random_game(3, ACTIONS)),
    "RationalizableResult of two": lambda: bg.rationalizable(dilemma()),
    "Conjecture": lambda: bg.rationalizable(two_player()).conjectures[0],
    "CorrelatedResult": lambda: bg.correlated_equilibrium(random_game()),
    "CorrelatedResult of one": lambda: bg.correlated_equilibrium(dilemma()),
    "Incentive": lambda: bg.correlated_equilibrium(random_game(2)).multipliers[0][0],
    "QuantalResponse": lambda: bg.quantal_response(random_game(), "1/1000"),
    "LogitPath": lambda: bg.logit_path(two_player()),
    "LogitPath of many": lambda: bg.logit_path(random_game()),
    "LogitLimit": lambda: bg.logit_path(random_game()).limit,
    "MinmaxResult": lambda: bg.minmax(random_game(3), 0, mixed=True),
    "PotentialResult": lambda: bg.is_potential(random_game()),
    "PotentialResult weighted": lambda: bg.is_potential(
        alignment_game(6).normal_form(weighted=True)
    ),
    "FourCycle": lambda: bg.is_potential(random_game()).cycle,
    "AlignmentGame": alignment_game,
    "AlignmentGame of many": lambda: alignment_game(20),
    "AlignmentResult": lambda: bg.alignments(alignment_game(14)),
    "AlignmentResult of one state": lambda: bg.alignments(bg.AlignmentGame(1, 1, POWERS[:1])),
    "AlignmentResult with a gap": lambda: replace(
        bg.alignments(alignment_game(14)), exact_lower_bound=Fraction(-(10**17), 7)
    ),
    "StableAlignment": lambda: bg.alignments(alignment_game(14))[0],
    "EnergyBarriers": lambda: bg.energy_barriers(alignment_game(12)),
    "Saddle": lambda: bg.energy_barriers(bg.AlignmentGame(range(1, 8), -1)).saddles[0],
    "LearningPath": lambda: bg.fictitious_play(two_player(), 500),
    "LearningPath of populations": lambda: bg.replicator_dynamics(two_player(), range(0, 100, 7)),
    "TwoPoleModel": lambda: bg.TwoPoleModel(
        autonomy_loss={POWERS[0]: "0.61", POWERS[2]: "0.43"}, alliance_cost=dict.fromkeys(POWERS, 0)
    ),
    "PoleCamps": lambda: bg.TwoPoleModel().camps(
        world(), ["neutral", *[f"join {POWERS[0]}"] * 3], (POWERS[0], POWERS[2])
    ),
    "Report": lambda: bg.Report.of(bg.load_scenario("golden-3"), bg.BalancingModel(), points=4),
    "SequentialOutcomes": lambda: bg.sequential_outcomes(tied_game()),
    "SequentialOutcomes after": lambda: bg.sequential_outcomes(
        random_game(), given={POWERS[0]: ACTIONS[0], POWERS[1]: ACTIONS[1]}
    ),
    "SequentialOutcome": lambda: bg.sequential_outcomes(random_game())[0],
    "MoveOrders": lambda: bg.move_orders(tied_game()),
    "MoveOrders of one": lambda: bg.move_orders(random_game(), [POWERS]),
    "MoveOrders of one player": lambda: bg.move_orders(
        bg.NormalFormGame([[1, 2]], POWERS[:1], ACTIONS[:2])
    ),
    "CoalitionContest": lambda: bg.coalition_contest(
        {name: 10**12 + k for k, name in enumerate(POWERS)}
    ),
    "CoalitionContest of equals": lambda: bg.coalition_contest(dict.fromkeys(POWERS[:2], 1)),
    "OffensiveOptimum": lambda: bg.offensive_optimum(3),
    "OffensiveOptimum without": lambda: bg.offensive_optimum(1),
    "Bandwagoning": lambda: bg.bandwagoning(bg.BalancingModel(), 3, 2),
    "Overstretch": lambda: bg.overstretch(bg.BalancingModel(), 3, 2, "1/10", periods=3),
    "Overstretch of one": lambda: bg.overstretch(bg.BalancingModel(), 1, 2, 0, periods=1),
    "Endurance": lambda: bg.endurance(tied_game(), 1),
    "Endurance of a sharp eye": lambda: bg.endurance(dilemma(), 5000),
    "Endurance of several": lambda: bg.endurance(two_player(), 2000),
    "ExpectedTime": lambda: bg.endurance(two_player(), 2000).leaving_time(0),
    "LastingAlignment": lambda: bg.endurance(tied_game(), 1).alignments[0],
    "Tipping": lambda: bg.endurance(two_player(), 2).tipping(0, 1),
    "TippingMove": lambda: bg.endurance(two_player(), 2).tipping(0, 1).path[0],
    "Robustness": lambda: bg.robustness(world(), model(), draws=20),
    "Survival": lambda: bg.robustness(world(), model(), draws=1).equilibria[0],
    "Backtest": backtest,
    "YearOfPowers": lambda: backtest().years[0],
    "PairForecast": lambda: backtest().forecasts[0],
    "ForecastScore": lambda: backtest().scores[0],
    "RepeatedGame": lambda: bg.RepeatedGame(stages(), "1/3"),
    "Contingency": lambda: stages()[0],
    "PayoffSet": lambda: bg.feasible_payoffs(dilemma()),
    "PayoffSet of equilibria": lambda: bg.subgame_perfect_payoffs(
        bg.RepeatedGame(dilemma(), "3/5")
    ),
    "TransferBreakpoints": lambda: bg.transfer_breakpoints(dilemma()),
    "TransferInterval": lambda: bg.transfer_breakpoints(dilemma())[0],
    "transfer_payoffs": lambda: bg.transfer_payoffs(bg.RepeatedGame(dilemma(), "3/5")),
    "CriticalDiscount": lambda: bg.critical_discount(dilemma(), [0, 0]),
    "CriticalDiscount of a treaty": lambda: treaty("exclusion").critical_discount(),
    "CriticalDeviation": lambda: bg.critical_discount(dilemma(), [0, 0]).deviation,
    "Automaton": automaton,
    "PlayPath": lambda: automaton().path(
        3, contingencies=[stages()[k].name for k in (0, 1, 1)], deviations={1: {POWERS[0]: 1}}
    ),
    "Period": lambda: automaton().path(1, contingencies=[stages()[0].name])[0],
    "OneShotDeviations": lambda: bg.one_shot_deviations(automaton(), "1/3"),
    "OneShotDeviation": lambda: bg.one_shot_deviations(automaton(), "1/3").deviations[0],
    "SustainingDiscounts": lambda: bg.sustaining_discounts(automaton()),
    "Restraint": lambda: bg.sustaining_discounts(automaton()).restraints[0],
    "DiscountSet": lambda: bg.sustaining_discounts(automaton()).sustaining,
    "DiscountInterval": lambda: bg.sustaining_discounts(
        bg.grim(dilemma(), [0, 0], [1, 1])
    ).sustaining[0],
    "AlgebraicNumber": irrational,
    "tit for tat": lambda: bg.tit_for_tat(dilemma()),
    "Treaty": lambda: treaty("exclusion"),
    "Treaty with penance": lambda: treaty("penance"),
    "Treaty reverting": lambda: treaty("reversion"),
    "Exclusion": lambda: bg.exclusion("withhold"),
    "Penance": lambda: bg.penance(1, violator="help", others="withhold"),
    "Reversion": lambda: bg.reversion([0, 1]),
    "Moves": lambda: bg.Moves("agreed", dict.fromkeys(POWERS, "punishing"), "punishing"),
    "Slip": lambda: bg.Slip(POWERS[2], ACTIONS[0], "1/10"),
    "Camps": lambda: model().camps(world(), ["balance", "bandwagon", *["neutral"] * 3]),
    "SymbolicBalancingGame": symbolic,
    "SymbolicGame of three": lambda: bg.SymbolicGame(
        random_game(3).exact_payoffs.astype(int), POWERS[:3], ACTIONS[:2], title=TITLE
    ),
    "Threshold": lambda: bg.threshold(symbolic(), ["balance", "balance"], "c"),
    "ThresholdCase": lambda: bg.threshold(symbolic(), ["balance", "balance"], "c").cases[0],
    "Regions": lambda: bg.regions(symbolic()),
    "Region": lambda: bg.regions(symbolic())[0],
    "BoundaryCurve": lambda: bg.regions(symbolic()).curves("r", "c")[0],
    "MixedRegion": lambda: bg.regions(symbolic()).mixed[0],
    "AllyGame": lambda: bg.ally_game(2, 2, 1, 0, names=POWERS[:2]),
    "Certificate": lambda: bg.nash_equilibria(dilemma()).certificate,
    "Verification": lambda: bg.verify(bg.nash_equilibria(dilemma())),
    "Verification of a bad certificate": lambda: bg.verify(bg.Certificate({"claim": "x" * 40})),
}
