"""A question asked at every point of a grid of parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any, Literal

from balancegame._checks import check_count
from balancegame._numbers import shorten
from balancegame._progress import report
from balancegame.alliances.balancing import BalancingModel
from balancegame.alliances.setting import bind
from balancegame.analysis.sweeps.axes import PARALLELISM, Axis, read_axes
from balancegame.analysis.sweeps.blocks import Block
from balancegame.analysis.sweeps.dataset import assemble
from balancegame.analysis.sweeps.executors import choose_executor
from balancegame.analysis.sweeps.fingerprint import inputs_of
from balancegame.analysis.sweeps.measures import read_measures
from balancegame.analysis.sweeps.plan import Plan, check_fits, usual_block_size
from balancegame.analysis.sweeps.source import Source, read_source
from balancegame.analysis.sweeps.store import SweepStore
from balancegame.errors import InvalidNameError, InvalidParameterError, SearchInterrupted
from balancegame.games.normal_form import NormalFormGame
from balancegame.games.profiles import Profile
from balancegame.world.world import World

if TYPE_CHECKING:
    import xarray as xr
    from distributed import Client

Measures = str | Callable[..., Any]


def sweep(
    model: BalancingModel | Callable[..., BalancingModel | NormalFormGame],
    world: World | Callable[..., World] | None = None,
    *,
    grid: Mapping[str, Any],
    measure: Measures | Sequence[Measures] | Mapping[str, Measures] = "region",
    actions: Sequence[str] = ("balance", "bandwagon", "neutral"),
    hegemon: Literal["fixed", "strategic"] = "fixed",
    profile: Profile | None = None,
    executor: Literal["processes"] | Client | None = None,
    workers: int | None = None,
    store: Any = None,
    on_error: Literal["raise", "mark"] = "raise",
    chunks: int | None = None,
) -> xr.Dataset:
    """Measure the games at every point of a grid of parameters.

    Parameters
    ----------
    model : BalancingModel, or a function
        A function of the grid's values, by name, that returns a model; or, without a world, a
        NormalFormGame. It is given the axes among its arguments; the others go to the model.
    world : World, or a function
        With a threat.
    grid : mapping {name: values}
        The axes, the last varying fastest. Names: any parameter of the model; ``parameter.state``
        for one state's; ``power_ratio``, which makes the threat's power that multiple of the mean
        power of the others; ``parallelism``, which sets every entry between two of the n other
        states to a, and those with the threat to their mean b; and arguments of the functions.
    measure : str or function, several, or a mapping {variable: measure}
        Built-in: ``"region"`` (the set of pure equilibria, labelled), ``"camps"`` (who stands where
        in the first pure equilibrium), ``"pure_equilibria"`` and ``"equilibria"`` (numbers),
        ``"kinds"``, ``"payoffs"`` and ``"prevailing"`` (of the first pure equilibrium, in
        lexicographic order), ``"margin"`` (how far payoffs may move before the set of pure
        equilibria changes), ``"critical_discount"`` (of `profile`). A function is given a
        `SweepPoint` and returns a number, text, or an array of numbers of one shape; `of_game` and
        `of_result` make one from a function of the game or of all its equilibria.
    actions, hegemon
        As for `BalancingModel.game`.
    profile : profile, optional
        The agreement of ``"critical_discount"``, as for `critical_discount`.
    executor : None, "processes" or a dask.distributed Client
        This process, compiled code on all processors; processes of this machine, one compiled
        thread each; or a cluster (docs/sweeps.md). All give identical datasets.
    workers : int, optional
        How many processes; by default one a processor.
    store : path or Zarr store, optional
        Finished blocks are kept there. The same call, after an interruption of any kind, works out
        only what is missing, and gives what an uninterrupted one would.
    on_error : "raise" or "mark"
        Whether to stop at a point where the model, a builder or a measure fails, or to mark it and
        go on.
    chunks : int, optional
        Points a block; by default about as many as take a tenth of a second.

    Returns
    -------
    xarray.Dataset
        One variable a measure, over the grid; labels are codes, and their texts stand in the
        variable's ``attrs["labels"]``. ``status``: 0 done, 1 infeasible, 2 failed, 3 not computed.
        A point is infeasible where parallelism a < -1/(n - 1), or n b^2 > 1 + (n - 1) a: no
        interests are so related, and nothing is moved to where some are. ``error``, if a point
        failed, labels why. Where a point has no value, numbers are NaN, counts and codes -1.

    Raises
    ------
    UnknownParameterError, UnknownStateError, UnknownMeasureError
        With the nearest name.
    InvalidGridError, InvalidParameterError
        An axis that is empty, repeats a value, or leaves a parameter's domain.
    TableTooLargeError
        The dataset would not fit in memory.
    MeasureError
        Something failed at a point; the message names it.
    ForeignStoreError
        The store was written for other inputs.
    WorkerLostError
        Workers died again and again.
    SearchInterrupted
        Ctrl-C; `result` is the dataset with what was finished.

    Warns
    -----
    ProjectionWarning
        As `BalancingModel.game` does; never along an axis of parallelism.

    Notes
    -----
    Pure equilibria of games of up to 4096 profiles, what follows from them, and all equilibria of
    two players are worked out in compiled code on the floats of the payoffs: a tie counts as a best
    response, and within rounding of a boundary (some 1e-15 of the payoffs' size) either side may
    be found. Three states of three actions take about a microsecond a point.

    Examples
    --------
    >>> import balancegame as bg
    >>> found = bg.sweep(
    ...     bg.BalancingModel(decisiveness=2),
    ...     bg.load_scenario("golden-3"),
    ...     grid={"power_ratio": [0.5, 2, 4], "autonomy_loss": [0.4, 0.6]},
    ... )
    >>> found["region"].dims
    ('power_ratio', 'autonomy_loss')
    >>> [found["region"].attrs["labels"][code] for code in found["region"].values[:, 1]]
    ['BNN', 'WWW', 'WWW']
    """
    plan = plan_sweep(
        model,
        world,
        grid=grid,
        measure=measure,
        actions=actions,
        hegemon=hegemon,
        profile=profile,
        on_error=on_error,
        chunks=chunks,
    )
    run = choose_executor(executor, None if workers is None else check_count(workers, "workers", 1))
    kept = None if store is None else SweepStore(store, inputs_of(plan))
    blocks: dict[int, Block] = {}
    try:
        if kept is not None:
            found = ((block, kept.read(block)) for block in range(plan.n_blocks))
            blocks.update((block, one) for block, one in found if one is not None)
        left = [block for block in range(plan.n_blocks) if block not in blocks]
        points = sum(len(block.status) for block in blocks.values())
        report("sweep", points, plan.n_points)
        with closing(run(plan, left)) as finished:  # workers end with it, whatever happens
            for block, one in finished:
                if kept is not None:
                    kept.write(block, one)
                blocks[block] = one
                points += len(one.status)
                report("sweep", points, plan.n_points)
        dataset = assemble(plan, blocks)
        if kept is not None:
            kept.write_dataset(dataset)
    except KeyboardInterrupt:
        raise SearchInterrupted(assemble(plan, blocks)) from None
    return dataset


def plan_sweep(
    model: Any,
    world: Any,
    *,
    grid: Any,
    measure: Any,
    actions: Any,
    hegemon: Any,
    profile: Any,
    on_error: Any,
    chunks: Any,
) -> Plan:
    """The plan of a sweep, all arguments checked."""
    for argument, value, known in (
        ("hegemon", hegemon, ("fixed", "strategic")),
        ("on_error", on_error, ("raise", "mark")),
    ):
        if value not in known:
            message = f"{argument} is {shorten(value)}; it must be {known[0]!r} or {known[1]!r}"
            raise InvalidParameterError(message)
    source = read_source(model, world, actions, hegemon)
    axes = read_axes(
        grid,
        source.arguments(),
        source.world if isinstance(source.world, World) else None,
        has_model=source.world is not None,
    )
    measures = read_measures(measure, profile)
    for axis in axes:
        if axis.name in ("player", "status", "error", *(one.name for one in measures)):
            message = f"grid names an axis {axis.name!r}, as a variable is called; rename one"
            raise InvalidNameError(message)
    source = _projected(source, axes)
    size = (
        usual_block_size(source, measures) if chunks is None else check_count(chunks, "chunks", 1)
    )
    plan = Plan(source, axes, measures, on_error, size)
    check_fits(plan)
    return plan


def _projected(source: Source, axes: Sequence[Axis]) -> Source:
    """The source with a world that needs no projection at each point: warned of once, here."""
    model, world = source.model, source.world
    if not isinstance(model, BalancingModel) or not isinstance(world, World):
        return source
    names = [axis.name for axis in axes]
    bound = bind(model.replace(cohesion=0).parameters(), world)  # refuses unknown states, too
    if PARALLELISM in names or "cohesion" in names or model.cohesion == 0:
        return source
    semidefinite = bind(model.parameters(), world)
    if semidefinite.parallelism == bound.parallelism:
        return source
    order = [*world.states, str(world.threat)]
    place = [order.index(name) for name in world.names]
    rows = [[semidefinite.parallelism[i][j] for j in place] for i in place]
    return Source(model, world.replace(parallelism=rows), source.actions, source.hegemon)
