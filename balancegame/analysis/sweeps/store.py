"""Finished blocks of a sweep in a Zarr store.

Layout: the root's attributes hold the inputs and their fingerprint; the group ``blocks/000012``
holds one array a measure and the status. A block counts as finished once the attributes of its
group hold a checksum of these arrays, which are written before: whenever the writer is killed, a
block is there as a whole or is worked out again. The finished dataset is written beside, in the
group ``dataset``, for `xarray.open_zarr` (``consolidated=False``).
"""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from balancegame._numbers import shorten
from balancegame.analysis.sweeps.blocks import Block
from balancegame.analysis.sweeps.columns import Column
from balancegame.analysis.sweeps.fingerprint import fingerprint
from balancegame.errors import ForeignStoreError, MissingDependencyError

if TYPE_CHECKING:
    import xarray as xr

_FORMAT = 1
_KEY = "balancegame_sweep"


class SweepStore:
    """The store of one sweep, opened for its inputs.

    Raises
    ------
    ForeignStoreError
        The store holds something else, or was written for other inputs.
    MissingDependencyError
        zarr is not installed.
    """

    def __init__(self, target: Any, inputs: Mapping[str, str]) -> None:
        self._zarr = _zarr()
        self._target = str(target) if hasattr(target, "__fspath__") else target
        self._root = self._open(inputs)
        self._blocks = self._root.require_group("blocks")

    def _open(self, inputs: Mapping[str, str]) -> Any:
        mine = {"format": _FORMAT, "fingerprint": fingerprint(inputs), "inputs": dict(inputs)}
        try:
            root = self._zarr.open_group(self._target, mode="a", zarr_format=3)
            found = root.attrs.asdict().get(_KEY)
        except Exception as error:
            message = f"store {shorten(self._target)} cannot be opened as a Zarr group: {error}"
            raise ForeignStoreError(message) from None
        if found is None:
            if any(True for _ in root) or len(root.attrs.asdict()):
                message = (
                    f"store {shorten(self._target)} holds something else than a sweep; give the "
                    "path of a new one"
                )
                raise ForeignStoreError(message)
            root.attrs[_KEY] = mine
            return root
        if found != mine:
            raise ForeignStoreError(_difference(self._target, found, inputs))
        return root

    def read(self, block: int) -> Block | None:
        """A finished block, or None."""
        name = f"{block:06d}"
        try:
            group = self._blocks[name]
            record = dict(group.attrs.asdict())
            arrays = {key: np.asarray(group[key][...]) for key in ("status", *record["columns"])}
            if record["checksum"] != _checksum(arrays, record):
                return None
        except Exception:
            return None
        legends: dict[str, list[str] | None] = record["columns"]
        return Block(
            arrays["status"],
            {
                key: Column(arrays[key], None if legend is None else tuple(legend))
                for key, legend in legends.items()
            },
            {int(row): text for row, text in record["errors"].items()},
        )

    def write(self, block: int, found: Block) -> None:
        """Keep a block: its arrays first, then what says that they are complete."""
        group = self._blocks.create_group(f"{block:06d}", overwrite=True)
        arrays = {"status": found.status} | {k: one.values for k, one in found.columns.items()}
        for key, values in arrays.items():
            group.create_array(key, data=np.ascontiguousarray(values))
        record: dict[str, Any] = {
            "columns": {
                key: None if one.legend is None else list(one.legend)
                for key, one in found.columns.items()
            },
            "errors": {str(row): text for row, text in found.errors.items()},
        }
        group.attrs.put(record | {"checksum": _checksum(arrays, record)})

    def write_dataset(self, dataset: xr.Dataset) -> None:
        """Keep the whole sweep as a dataset that `xarray.open_zarr` reads."""
        with warnings.catch_warnings():
            # Zarr's third format has no final word on text yet.
            warnings.filterwarnings("ignore", message=".*Zarr V3 specification.*")
            dataset.to_zarr(
                self._target, group="dataset", mode="w", zarr_format=3, consolidated=False
            )


def _difference(target: Any, found: Any, inputs: Mapping[str, str]) -> str:
    old = found.get("inputs", {}) if isinstance(found, dict) else {}
    different = [name for name in inputs if old.get(name) != inputs[name]]
    brief = [
        f"{name} ({shorten(old.get(name), 40)} there, {shorten(inputs[name], 40)} here)"
        if len(inputs[name]) < 40
        else name
        for name in different
    ]
    return (
        f"store {shorten(target)} was written for another sweep: {', '.join(brief) or 'its format'}"
        " differs; give the inputs it was written for, or the path of a new store"
    )


def _checksum(arrays: Mapping[str, Any], record: Mapping[str, Any]) -> str:
    digest = hashlib.sha256()
    for key in sorted(arrays):
        values = np.ascontiguousarray(arrays[key])
        digest.update(f"{key} {values.dtype.str} {values.shape}".encode())
        digest.update(values.tobytes())
    digest.update(repr(sorted(record["columns"].items())).encode())
    digest.update(repr(sorted(record["errors"].items())).encode())
    return digest.hexdigest()


def _zarr() -> Any:
    try:
        import zarr  # noqa: PLC0415 (an extra, slow to import)
    except ImportError:
        message = (
            "store= needs zarr, which is not installed; "
            "\"pip install 'balancegame[distributed]'\" brings it"
        )
        raise MissingDependencyError(message) from None
    return zarr
