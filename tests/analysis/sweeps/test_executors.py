"""Processes and clusters give what one process gives, whoever dies on the way."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import time
from dataclasses import replace

import numpy as np
import pytest

import balancegame as bg
from balancegame._progress import listening
from balancegame.analysis.sweeps import processes
from balancegame.analysis.sweeps.blocks import compute_block
from balancegame.analysis.sweeps.sweep import plan_sweep
from tests.analysis.sweeps import cases

MEASURES = [*cases.MEASURES, cases.welfare]


def run(**options):
    options = {"grid": cases.GRID, "measure": MEASURES, "chunks": 7} | options
    return bg.sweep(cases.MODEL, cases.golden(), **options)


def test_processes_give_the_same():
    assert run(executor="processes", workers=2).identical(run())


def test_a_killed_process_loses_nothing(tmp_path):
    grid = {"power_ratio": np.arange(20, 60) / 20}
    trace = tmp_path / "trace"
    killed = bg.sweep(
        cases.MODEL,
        cases.golden(),
        grid=grid,
        measure=cases.Slowly(0.001, trace, at=200),
        executor="processes",
        workers=2,
        chunks=3,
    )
    assert trace.exists()
    whole = bg.sweep(cases.MODEL, cases.golden(), grid=grid, measure=cases.Slowly(0.001), chunks=3)
    assert killed.identical(whole)


class _AlwaysDies:
    def __call__(self, point):
        os._exit(1)


def test_processes_that_die_again_and_again_are_given_up(monkeypatch):
    monkeypatch.setattr(processes, "MOST_LOSSES", 2)
    with pytest.raises(bg.errors.WorkerLostError, match="died 2 times"):
        bg.sweep(
            cases.MODEL,
            cases.golden(),
            grid={"power_ratio": [1]},
            measure={"dies": _AlwaysDies()},
            executor="processes",
            workers=1,
        )


def test_an_error_in_a_process_names_the_point():
    with pytest.raises(bg.errors.MeasureError, match="at power_ratio=1: measure"):
        bg.sweep(
            cases.MODEL,
            cases.golden(),
            grid={"power_ratio": [0.5, 1, 2]},
            measure=cases.fails_at_one,
            executor="processes",
            workers=1,
        )


def test_functions_that_cannot_travel_are_refused():
    with pytest.raises(bg.errors.InvalidTypeError, match="top of a module"):
        run(measure={"x": lambda point: 1.0}, executor="processes", workers=1)


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"executor": "threads"}, bg.errors.InvalidParameterError, "'threads'"),
        ({"executor": 3}, bg.errors.InvalidTypeError, "executor is 3"),
        ({"workers": 2}, bg.errors.InvalidParameterError, "processes"),
        ({"executor": "processes", "workers": 0}, bg.errors.InvalidParameterError, "at least 1"),
    ],
)
def test_bad_executors_are_refused(options, error, says):
    with pytest.raises(error, match=says):
        run(**options)


def interrupted(**options):
    """A sweep whose user presses Ctrl-C once something is finished."""

    def press(task, done, total):
        if task == "sweep" and done:
            raise KeyboardInterrupt

    with pytest.raises(bg.SearchInterrupted) as caught, listening(press):
        run(**options)
    return caught.value.result


def test_ctrl_c_ends_processes_and_keeps_what_is_finished():
    partial = interrupted(executor="processes", workers=2)
    assert not multiprocessing.active_children()
    done = (partial["status"] != 3).values
    assert 7 <= done.sum() < 72
    whole = run()
    for name in ("payoffs", "welfare", "margin"):
        np.testing.assert_array_equal(partial[name].values[done], whole[name].values[done])


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory):
    """A scheduler in a process of its own, and a function that starts workers."""
    pytest.importorskip("distributed")
    folder = tmp_path_factory.mktemp("dask")
    file = folder / "scheduler.json"
    started = []
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}

    def start(*arguments):
        log = (folder / f"{len(started)}.log").open("w")
        program = [sys.executable, "-m", "dask", *arguments, "--scheduler-file", str(file)]
        started.append(subprocess.Popen(program, env=environment, stdout=log, stderr=log))
        log.close()
        return started[-1]

    def start_worker():
        return start(
            *("worker", "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny", "--no-dashboard"),
            *("--local-directory", str(folder)),
        )

    start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    deadline = time.monotonic() + 30
    while not file.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    yield file, start_worker
    for one in reversed(started):
        one.kill()
        one.wait()


@pytest.fixture
def client(scheduler):
    from distributed import Client

    file, start_worker = scheduler
    with Client(scheduler_file=str(file), timeout=30, set_as_default=False) as connected:
        missing = 2 - len(connected.scheduler_info()["workers"])
        for _ in range(missing):
            start_worker()
        connected.wait_for_workers(2, timeout=30)
        yield connected


def test_a_cluster_gives_the_same(client):
    assert run(executor=client).identical(run())


def test_a_cluster_takes_functions_of_this_session(client):
    measure = {"x": lambda point: point.values["power_ratio"] ** 2}
    assert run(measure=measure, executor=client).identical(run(measure=measure))


class _Homeless:
    """A measure that is pickled by the name of a module nobody else has."""

    def __reduce__(self):
        return _import, ("no_such_module",)

    def __call__(self, point):
        return 1.0


def _import(name):
    return __import__(name)


def test_functions_that_a_cluster_cannot_read_are_refused(client):
    with pytest.raises(bg.errors.InvalidTypeError, match=r"cannot read .*no_such_module"):
        run(measure={"x": _Homeless()}, executor=client)


def test_an_error_on_a_cluster_names_the_point(client):
    grid = {"power_ratio": [0.5, 1, 2]}
    with pytest.raises(bg.errors.MeasureError, match="at power_ratio=1: measure"):
        run(grid=grid, measure=cases.fails_at_one, executor=client)
    marked = run(grid=grid, measure=cases.fails_at_one, executor=client, on_error="mark")
    assert marked.identical(run(grid=grid, measure=cases.fails_at_one, on_error="mark"))


def test_a_worker_killed_in_mid_run_loses_nothing(client, tmp_path):
    before = set(client.scheduler_info()["workers"])
    grid = {"power_ratio": np.arange(20, 100) / 20}
    trace = tmp_path / "trace"
    killed = bg.sweep(
        cases.MODEL,
        cases.golden(),
        grid=grid,
        measure=cases.Slowly(0.005, trace, at=300),
        executor=client,
        chunks=3,
        store=tmp_path / "store",
    )
    assert trace.exists()
    assert len(before & set(client.scheduler_info()["workers"])) == 1
    whole = bg.sweep(cases.MODEL, cases.golden(), grid=grid, measure=cases.Slowly(0.005), chunks=3)
    assert killed.identical(whole)


def test_ctrl_c_takes_work_off_a_cluster(client):
    partial = interrupted(executor=client)
    assert (partial["status"] == 3).any()
    deadline = time.monotonic() + 10
    while any(client.processing().values()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(client.processing().values())


def test_a_cluster_that_is_gone_is_told(client):
    client.close()
    with pytest.raises(bg.errors.WorkerLostError):
        run(executor=client)


def test_a_client_lost_in_mid_run_is_told(client):
    def close(task, done, total):
        if task == "sweep" and done:
            client.close()

    says = "client was closed, or its scheduler has gone; .* With store="
    with pytest.raises(bg.errors.WorkerLostError, match=says), listening(close):
        run(executor=client)


def test_a_worker_of_another_version_refuses():
    plan = plan_sweep(
        cases.MODEL,
        cases.golden(),
        grid={"power_ratio": [1]},
        measure="region",
        actions=("balance", "neutral"),
        hegemon="fixed",
        profile=None,
        on_error="raise",
        chunks=None,
    )
    with pytest.raises(bg.errors.InvalidParameterError, match="one version everywhere"):
        compute_block(replace(plan, version="0.0.0"), 0)
