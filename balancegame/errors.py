"""Everything the package raises or warns about, in one tree.

Each error is also the built-in exception a Python user would catch (`ValueError`, `TypeError`,
`MemoryError`, `ImportError`), and its message names the argument, what was given, the bound it
broke and the remedy.
"""

from __future__ import annotations


class BalanceGameError(Exception):
    """Root of all errors raised by balancegame."""


class InvalidTypeError(BalanceGameError, TypeError):
    """An argument is of a type that cannot be read."""


class InvalidNumberError(BalanceGameError, ValueError):
    """A number is malformed, not finite, or beyond the range of a float."""


class InvalidPayoffError(InvalidNumberError):
    """A payoff is NaN, infinite or unreadable."""


class InvalidShapeError(BalanceGameError, ValueError):
    """An array is ragged, empty, or of the wrong shape."""


class InvalidNameError(BalanceGameError, ValueError):
    """A list of names is empty, repeats a name, or holds something that is not a name."""


class InvalidPowerError(BalanceGameError, ValueError):
    """A state's power is not positive and finite."""


class InvalidSizeError(BalanceGameError, ValueError):
    """A state's size in an alignment game is not positive and finite."""


class InvalidPropensityError(BalanceGameError, ValueError):
    """Propensities to align are asymmetric, not finite, or not given for every pair."""


class InvalidParallelismError(BalanceGameError, ValueError):
    """A parallelism matrix is asymmetric, outside [-1, 1], or without unit diagonal."""


class InvalidExposureError(BalanceGameError, ValueError):
    """A state's exposure is negative or not finite."""


class InvalidPortfolioError(BalanceGameError, ValueError):
    """Alliance portfolios or their weights cannot be compared."""


class InvalidProbabilityError(BalanceGameError, ValueError):
    """Probabilities are negative or do not sum to 1."""


class InvalidDiscountError(BalanceGameError, ValueError):
    """A discount factor lies outside [0, 1)."""


class InvalidParameterError(BalanceGameError, ValueError):
    """A model parameter or option lies outside its domain."""


class InvalidExpressionError(BalanceGameError, ValueError):
    """A sympy expression holds something that cannot be evaluated, or names two things alike."""


class InexactInputError(InvalidParameterError):
    """Exact payoffs were asked for, but a number or a parameter rules them out."""


class NotZeroSumError(BalanceGameError, ValueError):
    """A method for zero-sum games was given a game whose payoffs do not have one sum."""


class UnknownPlaceError(BalanceGameError, IndexError):
    """A result has no such place."""


class UnknownNameError(BalanceGameError, ValueError):
    """A name is not among those known; the message offers the nearest one."""


class UnknownStateError(UnknownNameError):
    """No such state in the world."""


class UnknownPlayerError(UnknownNameError):
    """No such player in the game."""


class UnknownActionError(UnknownNameError):
    """No such action for the player."""


class UnknownContingencyError(UnknownNameError):
    """No such contingency in the repeated game."""


class UnknownAutomatonStateError(UnknownNameError):
    """No such state of the automaton."""


class UnknownPunishmentError(UnknownNameError):
    """No such kind of punishment."""


class UnknownBreachError(UnknownNameError):
    """No such kind of breach of a treaty."""


class UnknownFailureError(UnknownNameError):
    """No such way to take a member's failure."""


class UnknownScopeError(UnknownNameError):
    """No such choice of the players to check."""


class UnknownDeviationsError(UnknownNameError):
    """No such kind of joint deviations."""


class UnknownColumnError(UnknownNameError):
    """No such column of a table."""


class UnknownParameterError(UnknownNameError):
    """No such parameter in the model."""


class UnknownClaimError(UnknownNameError):
    """No such kind of equilibrium that a threshold could be of."""


class UnknownDilemmaError(UnknownNameError):
    """No such kind of two-by-two dilemma."""


class UnknownObjectiveError(UnknownNameError):
    """No such objective of a correlated equilibrium."""


class UnknownScenarioError(UnknownNameError):
    """No bundled scenario and no file of that name."""


class UnknownDataSetError(UnknownNameError):
    """A data set no reader knows."""


class UnknownMeasureError(UnknownNameError):
    """A measure of power, interests or exposure, or of a sweep, that is not among those known."""


class MissingDataError(BalanceGameError, ValueError):
    """The data sets given do not cover what was asked for."""


class DownloadError(BalanceGameError, ConnectionError):
    """A data set could not be downloaded, or was not the file that was expected."""


class MissingCertificateError(BalanceGameError, ValueError):
    """A result whose method leaves no evidence was to be verified."""


class UnknownGuaranteeError(UnknownNameError):
    """No such guarantee on the alignments found."""


class UnknownBasinsError(UnknownNameError):
    """No such way to count basins."""


class GuaranteeError(BalanceGameError, ValueError):
    """A guarantee is out of reach for a game of this size; the message names a weaker one."""


class MissingThreatError(BalanceGameError, ValueError):
    """The balancing game needs a world with a threat to balance against."""


class InvalidPolesError(BalanceGameError, ValueError):
    """Two poles are not two different states, or no state stands between them."""


class NoEquilibriumError(BalanceGameError, ValueError):
    """A model's equilibrium in closed form does not exist for these numbers."""


class TableTooLargeError(BalanceGameError, ValueError, MemoryError):
    """A payoff table would not fit in memory; nothing was allocated."""


class TooManyProfilesError(BalanceGameError, ValueError):
    """A game has more pure profiles than a method takes; the message says how many it takes."""


class FileFormatError(BalanceGameError, ValueError):
    """A file does not follow its format; the message names the file and the line or key."""


class ScenarioFormatError(FileFormatError):
    """A scenario file does not follow the schema of docs/scenario-files.md."""


class GameFormatError(FileFormatError):
    """A strategic-form (.nfg) file cannot be read."""


class DataFormatError(FileFormatError):
    """A data set's file is not a table of that data set; the message names line and column."""


class JsonFormatError(FileFormatError):
    """JSON text, or plain types, do not describe the game, automaton or treaty to be read."""


class InvalidGridError(BalanceGameError, ValueError):
    """An axis of a sweep's grid is empty, repeats a value, or does not fit the others."""


class MeasureError(BalanceGameError, RuntimeError):
    """A model, builder or measure failed at a point of a sweep or line; the message says where.

    ``point`` maps the axes, or the parameter, to the point's values.
    """

    def __init__(self, message: str, point: dict[str, object] | None = None) -> None:
        super().__init__(message)
        self.point: dict[str, object] = point or {}


class ForeignStoreError(BalanceGameError, ValueError):
    """A store was written for other inputs, or holds something else; nothing in it was changed."""


class WorkerLostError(BalanceGameError, RuntimeError):
    """Workers of a sweep died again and again, or their scheduler has gone."""


class ConvergenceError(BalanceGameError, ArithmeticError):
    """An iteration stopped before reaching the accuracy it promises."""


class MissingDependencyError(BalanceGameError, ImportError):
    """An optional dependency is not installed; the message names the extra that brings it."""


class SearchInterrupted(KeyboardInterrupt):
    """Ctrl-C during a search; `result` holds what it had found, with `complete` False.

    No `BalanceGameError`, and no `Exception`: code that retries or skips must not swallow it.
    """

    def __init__(self, result: object) -> None:
        super().__init__("interrupted; .result holds what was found until then")
        self.result = result


class ProjectionWarning(UserWarning):
    """A parallelism matrix was moved to the nearest correlation matrix before use."""
