"""A store keeps what is finished, whenever the writer is killed."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
import zarr
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import balancegame as bg
from balancegame._progress import listening
from tests.analysis.sweeps import cases

MEASURES = ["region", "payoffs", cases.welfare]


def run(store=None, **options):
    options = {"grid": cases.GRID, "measure": MEASURES, "chunks": 18} | options
    return bg.sweep(cases.MODEL, cases.golden(), store=store, **options)


def files(folder: Path) -> dict[str, bytes]:
    """Every file of a store; what a kill has left unfinished under another name is none of it."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith(".partial")
    }


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stores") / "finished"
    return folder, run(folder)


def test_a_store_changes_no_answer(finished):
    folder, dataset = finished
    assert dataset.identical(run())
    assert dataset.identical(run(folder))


def test_a_finished_store_is_read_by_xarray(finished):
    folder, dataset = finished
    with xr.open_zarr(folder, group="dataset", consolidated=False, chunks=None) as opened:
        assert opened.load().identical(dataset)


def test_only_what_is_missing_is_worked_out(finished, tmp_path):
    folder, dataset = finished
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    shutil.rmtree(copy / "blocks" / "000003")
    seen = []
    with listening(lambda task, done, total: seen.append((task, done, total))):
        assert run(copy).identical(dataset)
    assert [one for one in seen if one[0] == "sweep"] == [("sweep", 54, 72), ("sweep", 72, 72)]


@settings(max_examples=8, phases=[Phase.generate])
@given(data=st.data())
def test_damaged_blocks_are_worked_out_again(finished, data):
    """Whatever is cut off, lost or altered, the answer and the store end the same, bit by bit."""
    folder, dataset = finished
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(temporary) / "copy"
        shutil.copytree(folder, copy)
        if data.draw(st.booleans()):
            shutil.rmtree(copy / "dataset")
        names = [name for name in files(copy) if name.startswith("blocks/0")]
        for name in data.draw(st.lists(st.sampled_from(names), min_size=1, max_size=6)):
            path = copy / name
            if not path.exists():
                continue
            content = path.read_bytes()
            cut = data.draw(st.integers(0, len(content)))
            change = data.draw(st.sampled_from(["cut", "lose", "alter"]))
            if change == "cut":
                path.write_bytes(content[:cut])
            elif change == "lose":
                path.unlink()
            elif content:
                place = min(cut, len(content) - 1)
                altered = bytes([content[place] ^ 1])
                path.write_bytes(content[:place] + altered + content[place + 1 :])
        assert run(copy).identical(dataset)
        assert files(copy).keys() == files(folder).keys()
        read = zarr.open_group(copy / "blocks", mode="r")
        for block, group in zarr.open_group(folder / "blocks", mode="r").groups():
            for key, array in group.arrays():
                np.testing.assert_array_equal(read[block][key][...], array[...])


_SCRIPT = """
import os, signal, sys, threading
import numpy as np
import balancegame as bg
from tests.analysis.sweeps import cases
from tests.analysis.sweeps.test_store import killed_sweep
if float(sys.argv[2]) > 0:
    def end():
        os.kill(os.getpid(), signal.SIGKILL)
    from balancegame import _progress
    def listen(task, done, total):
        if done and not hasattr(listen, "set"):
            listen.set = True
            threading.Timer(float(sys.argv[2]), end).start()
    with _progress.listening(listen):
        killed_sweep(sys.argv[1])
else:
    killed_sweep(sys.argv[1])
"""


def killed_sweep(store=None):
    """Fifty blocks of a few milliseconds: writing them takes about as long as working them out."""
    grid = {"power_ratio": np.linspace(0.2, 4, 25), "parallelism": np.linspace(0, 1, 20)}
    return bg.sweep(
        cases.MODEL,
        cases.golden(),
        grid=grid,
        measure=["region", "payoffs", cases.Slowly(0.0005)],
        chunks=10,
        store=store,
    )


@pytest.mark.parametrize(
    ("seed", "kills"), [(7, 3), pytest.param(8, 25, marks=pytest.mark.thorough)]
)
def test_a_killed_sweep_goes_on_where_it_was(tmp_path, seed, kills):
    store = tmp_path / "store"
    randomly = random.Random(seed)
    codes = []
    for _ in range(kills):
        after = randomly.uniform(0.0, 0.9 / kills)
        done = subprocess.run(
            [sys.executable, "-c", _SCRIPT, str(store), str(max(after, 1e-3))],
            capture_output=True,
            check=False,
            env=os.environ,
        )
        codes.append(done.returncode)
    assert codes[0] == -signal.SIGKILL, done.stderr
    uninterrupted = tmp_path / "uninterrupted"
    assert killed_sweep(store).identical(killed_sweep(uninterrupted))
    assert files(store) == files(uninterrupted)


def test_a_killed_pool_leaves_nobody_behind(tmp_path):
    script = (
        "from tests.analysis.sweeps.test_store import slow_processes\n"
        "if __name__ == '__main__':\n    slow_processes()\n"
    )
    path = tmp_path / "slow.py"
    path.write_text(script)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "TMPDIR": str(tmp_path)}
    running = subprocess.Popen([sys.executable, str(path)], env=environment)
    try:
        traces = tmp_path / "pids"
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and not (traces.exists() and any(traces.iterdir())):
            time.sleep(0.05)
        workers = [int(one.name) for one in traces.iterdir()]
        assert workers
    finally:
        running.kill()
        running.wait()
    deadline = time.monotonic() + 10
    while any(map(_lives, workers)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(_lives, workers))


def _lives(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def leave_trace(point):
    folder = Path(os.environ["TMPDIR"]) / "pids"
    folder.mkdir(exist_ok=True)
    (folder / str(os.getpid())).touch()
    time.sleep(60)


def slow_processes():
    bg.sweep(
        cases.MODEL,
        cases.golden(),
        grid=cases.GRID,
        measure=leave_trace,
        executor="processes",
        workers=2,
    )


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"measure": "region"}, "measure"),
        ({"grid": {"power_ratio": [1, 2]}}, "grid"),
        ({"chunks": 11}, "chunks"),
        ({"actions": ["balance", "neutral"]}, "actions"),
        ({"on_error": "mark"}, "on_error"),
        ({"hegemon": "strategic"}, "hegemon"),
    ],
)
def test_a_store_of_other_inputs_is_refused(finished, change, named):
    folder, _ = finished
    before = files(folder)
    with pytest.raises(bg.errors.ForeignStoreError, match=named):
        run(folder, **change)
    assert files(folder) == before


def test_a_store_of_another_model_or_world_is_refused(finished):
    folder, _ = finished
    options = {"grid": cases.GRID, "measure": MEASURES, "chunks": 18, "store": folder}
    with pytest.raises(bg.errors.ForeignStoreError, match="model differs"):
        bg.sweep(cases.MODEL.replace(retribution=0.2), cases.golden(), **options)
    with pytest.raises(bg.errors.ForeignStoreError, match="world differs"):
        bg.sweep(
            cases.MODEL,
            cases.golden().replace(exposure={"1": 2, "2": 1, "3": 1}),
            **options,
        )


def test_a_changed_function_is_another_input(tmp_path):
    def measuring(factor):
        return {"measured": lambda point: factor * point.game.n_profiles}

    options = {"grid": {"power_ratio": [1, 2]}, "store": tmp_path / "store"}
    first = bg.sweep(cases.MODEL, cases.golden(), measure=measuring(2), **options)
    assert first.identical(bg.sweep(cases.MODEL, cases.golden(), measure=measuring(2), **options))
    with pytest.raises(bg.errors.ForeignStoreError, match="measure differs"):
        bg.sweep(cases.MODEL, cases.golden(), measure=measuring(3), **options)


def test_something_else_is_refused(tmp_path):
    path = tmp_path / "array.zarr"
    zarr.open_group(path, mode="w").create_array("x", data=np.arange(3))
    with pytest.raises(bg.errors.ForeignStoreError, match="something else"):
        run(path)
    file = tmp_path / "file"
    file.write_text("text")
    with pytest.raises(bg.errors.ForeignStoreError):
        run(file)


def test_ctrl_c_carries_what_is_finished(tmp_path):
    def stops(point):
        if point.values["power_ratio"] > 2:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(5)
        return 1.0

    options = {"grid": {"power_ratio": np.arange(0.5, 4.5, 0.5)}, "chunks": 2}
    with pytest.raises(bg.SearchInterrupted) as caught:
        bg.sweep(cases.MODEL, cases.golden(), measure={"one": stops}, **options)
    partial = caught.value.result
    assert partial["status"].values.tolist() == [0, 0, 0, 0, 3, 3, 3, 3]
    np.testing.assert_array_equal(partial["one"], [1.0] * 4 + [np.nan] * 4)
    with pytest.raises(bg.SearchInterrupted):
        bg.sweep(
            cases.MODEL, cases.golden(), measure={"one": stops}, store=tmp_path / "s", **options
        )
    assert len(list((tmp_path / "s" / "blocks").glob("0*"))) == 2


def test_zarr_is_an_extra(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "zarr", None)
    with pytest.raises(bg.errors.MissingDependencyError, match=r"balancegame\[distributed\]"):
        run(tmp_path / "store")
