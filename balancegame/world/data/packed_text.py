"""The text of a published file: plain, gzipped, or in a zip archive, within bounds."""

from __future__ import annotations

import codecs
import gzip
import hashlib
import io
import lzma
import re
import struct
import zipfile
import zlib
from pathlib import Path
from typing import IO, NamedTuple

from balancegame._checks import format_bytes
from balancegame._numbers import shorten
from balancegame.errors import DataFormatError, InvalidTypeError

MOST_BYTES = 256 << 20  # of the file, and of the text in it
_MOST_MEMBERS = 1_000
_MOST_NESTED = 8  # archives opened within one
# What the standard library raises for damaged archives; ValueError for places before the file.
_DAMAGED = (
    zipfile.BadZipFile,
    NotImplementedError,
    ValueError,
    OSError,
    EOFError,
    struct.error,
    zlib.error,
    lzma.LZMAError,
)
_ENCRYPTED = 1  # the bit of an entry's flags
_NOT_PRINTABLE = re.compile(r"[^ -~]")  # names in an archive could steer a terminal
_NOT_DATA = re.compile(r"(^|/)(__MACOSX/|\._)")


class PackedText(NamedTuple):
    """A file's text, the name errors call it by, and the SHA-256 of the file as it was."""

    text: str
    name: str
    digest: str


def read_packed_text(path: object, preferred: str) -> PackedText:
    """The text of the one CSV file at a path.

    `preferred` is a regular expression for the names of members to take from an archive that
    holds several CSV files.
    """
    if not isinstance(path, str | Path):
        message = f"the data are {shorten(path)}; give a path or a pandas DataFrame"
        raise InvalidTypeError(message)
    file = Path(path)
    try:
        if not file.is_file():
            message = f"there is no data file {shorten(str(path))}"
            raise DataFormatError(message)
        _check_size(file.stat().st_size, file.name)
        content = file.read_bytes()
    except (OSError, ValueError) as error:
        if isinstance(error, DataFormatError):
            raise
        reason = error.strerror if isinstance(error, OSError) else error
        message = f"cannot read the data file {shorten(str(path))}: {reason}"
        raise DataFormatError(message) from None
    digest = hashlib.sha256(content).hexdigest()
    name, unpacked = _unpack(content, file.name, preferred)
    return PackedText(_decode(unpacked), name, digest)


def _unpack(content: bytes, name: str, preferred: str) -> tuple[str, bytes]:
    if content[:2] == b"\x1f\x8b":
        with gzip.open(io.BytesIO(content)) as stream:
            return name.removesuffix(".gz"), _bounded(stream, name)
    if content[:4] == b"PK\x03\x04":
        members = _csv_members(content, name, [0])
        return _choose(members, name, preferred)
    return name, content


def _csv_members(content: bytes, name: str, opened: list[int]) -> dict[str, bytes]:
    """The CSV files of an archive and of the archives in it, by name."""
    opened[0] += 1
    if opened[0] > _MOST_NESTED:
        message = f"{name} holds more than {_MOST_NESTED - 1} archives; unpack it first"
        raise DataFormatError(message)
    found: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if len(entries) > _MOST_MEMBERS:
                message = f"{name} holds {len(entries):,} files, more than {_MOST_MEMBERS:,}"
                raise DataFormatError(message)
            for entry in entries:
                suffix = Path(entry.filename).suffix.lower()
                if _NOT_DATA.search(entry.filename) or suffix not in (".csv", ".zip"):
                    continue
                if entry.flag_bits & _ENCRYPTED:
                    message = f"{name} is protected by a password; unpack it first"
                    raise DataFormatError(message)
                label = f"{name}/{_NOT_PRINTABLE.sub('?', Path(entry.filename).name)}"
                with archive.open(entry) as stream:
                    data = _bounded(stream, label)
                found |= {label: data} if suffix == ".csv" else _csv_members(data, label, opened)
                _check_size(sum(map(len, found.values())), name)
    except DataFormatError:
        raise
    except _DAMAGED as error:
        message = f"{name} is not an archive that can be read: {error}"
        raise DataFormatError(message) from None
    return found


def _choose(members: dict[str, bytes], name: str, preferred: str) -> tuple[str, bytes]:
    wanted = [label for label in members if re.search(preferred, label, re.IGNORECASE)]
    if len(members) == 1:
        wanted = list(members)
    if len(wanted) == 1:
        return wanted[0], members[wanted[0]]
    listed = shorten(", ".join(label.removeprefix(f"{name}/") for label in members), 300)
    what = f"several CSV files ({listed})" if members else "no CSV file"
    message = f"{name} holds {what}; unpack it and give the path of the one to read"
    raise DataFormatError(message)


def _bounded(stream: IO[bytes] | gzip.GzipFile, name: str) -> bytes:
    """All bytes of a stream that may be far longer than the file it is packed in."""
    try:
        content = stream.read(MOST_BYTES + 1)
    except _DAMAGED as error:
        message = f"{name} cannot be unpacked: {error}"
        raise DataFormatError(message) from None
    _check_size(len(content), name)
    return content


def _check_size(size: int, name: str) -> None:
    if size > MOST_BYTES:
        message = f"{name} is larger than {format_bytes(MOST_BYTES)}, too large for a data file"
        raise DataFormatError(message)


def _decode(content: bytes) -> str:
    """UTF-16 where a mark says so, UTF-8, or the Western encoding older files are in.

    Any bytes can be read as the last.
    """
    try:
        if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return content.decode("utf-16")
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")
