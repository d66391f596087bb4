"""Data sets downloaded from where their projects publish them, checked and kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from balancegame._checks import check_known, format_bytes
from balancegame._numbers import shorten
from balancegame._progress import report
from balancegame.errors import (
    DownloadError,
    InvalidParameterError,
    MissingDependencyError,
    UnknownDataSetError,
)
from balancegame.world.data.packed_text import MOST_BYTES

_CHUNK = 1 << 16
_SHA256 = re.compile(r"(sha256:)?[0-9a-fA-F]{64}", re.ASCII)
_TIMEOUT_SECONDS = 60.0


class PublishedFile(NamedTuple):
    """Where a data set is published.

    Attributes
    ----------
    page : str
        The project's page about it.
    url : str
        The file; empty where it has no address of its own.
    sha256 : str
        The file's checksum; empty where it is not known to us.
    """

    page: str
    url: str
    sha256: str


_COW = "https://correlatesofwar.org"
_UPLOADS = f"{_COW}/wp-content/uploads"

PUBLISHED: Mapping[str, PublishedFile] = {
    "capabilities": PublishedFile(
        f"{_COW}/data-sets/national-material-capabilities/", f"{_UPLOADS}/NMCv7.zip", ""
    ),
    "membership": PublishedFile(
        f"{_COW}/data-sets/state-system-membership/", f"{_UPLOADS}/states2016.csv", ""
    ),
    "major powers": PublishedFile(f"{_COW}/data-sets/state-system-membership/", "", ""),
    "alliances": PublishedFile("http://www.atopdata.org", "", ""),
    "rivalries": PublishedFile("https://svmiller.com/peacesciencer/", "", ""),
    "contiguity": PublishedFile(
        f"{_COW}/data-sets/direct-contiguity/", f"{_UPLOADS}/DirectContiguity320.zip", ""
    ),
    "wars": PublishedFile(
        f"{_COW}/data-sets/cow-war/",
        f"{_UPLOADS}/Inter-StateWarData_v4.0.csv",
        "",
    ),
}


def download_data(
    name: str,
    *,
    url: str | None = None,
    known_hash: str | None = None,
    folder: str | Path | None = None,
) -> Path:
    """Download a data set, or find it where it was downloaded before.

    Parameters
    ----------
    name : str
        "capabilities", "membership", "major powers", "alliances", "rivalries", "contiguity" or
        "wars".
    url : str, optional
        The file's address (http or https); default where we know it to have been published.
        Projects move their files: the page of each data set is in the message of an error.
    known_hash : str, optional
        The SHA-256 the file must have, 64 hexadecimal digits. Where neither you nor we know it,
        the first download is taken on trust and its checksum written beside it; from then on the
        file must have that one.
    folder : path, optional
        Where files are kept; default the user's cache folder.

    Returns
    -------
    Path
        Of the file as it was published, for the readers and `world_from_data`.

    Raises
    ------
    MissingDependencyError
        pooch is not installed.
    DownloadError
        No connection, no such file, more than 256 MiB, or not the file with the checksum; no
        address is known for the data set.
    UnknownDataSetError

    Notes
    -----
    The data belong to their projects, which ask for the citations their readers name. Nothing is
    downloaded unless this function is called.
    """
    check_known(name, tuple(PUBLISHED), "data set", UnknownDataSetError)
    published = PUBLISHED[name]
    if url is None and not published.url:
        message = (
            f"no address is known for the data set {name!r}; download it from {published.page} "
            "and give its path, or give url=..."
        )
        raise DownloadError(message)
    address = url or published.url
    file_name = _file_name(address)
    if known_hash is not None and _SHA256.fullmatch(known_hash) is None:
        message = f"known_hash is {shorten(known_hash)}; give the 64 hexadecimal digits of SHA-256"
        raise InvalidParameterError(message)
    pooch = _import_pooch()
    cache = Path(folder) if folder is not None else Path(pooch.os_cache("balancegame"))
    note = cache / f"{file_name}.sha256"
    digest = (known_hash or "").lower().removeprefix("sha256:")
    if not digest and address == published.url:
        digest = published.sha256
    digest = digest or _read_note(note)
    file = _retrieve(pooch, address, digest, cache, file_name, published.page)
    try:
        note.write_text(pooch.file_hash(str(file)) + "\n", encoding="ascii")
    except OSError as error:
        message = f"cannot write {note}: {error.strerror}"
        raise DownloadError(message) from None
    return file


def _retrieve(
    pooch: Any, address: str, digest: str, cache: Path, file_name: str, page: str
) -> Path:
    remedy = f"download it from {page} and give its path"
    try:
        return Path(
            pooch.retrieve(
                address,
                known_hash=f"sha256:{digest}" if digest else None,
                fname=file_name,
                path=cache,
                downloader=_download,
            )
        )
    except DownloadError as error:
        message = f"{error}; {remedy}"
        raise DownloadError(message) from None
    except OSError as error:  # requests' errors are OSErrors too
        message = f"cannot download {address} ({_reason(error)}); are you offline? If so, {remedy}"
        raise DownloadError(message) from None
    except ValueError as error:
        if "hash" not in str(error).lower():
            message = f"cannot download {address}: {error}"
            raise DownloadError(message) from None
        message = (
            f"the file at {address} does not have the SHA-256 {digest}: it has been changed, or is "
            "not the one meant. If you trust it, give its own known_hash=..., or remove "
            f"{cache / (file_name + '.sha256')}"
        )
        raise DownloadError(message) from None


def _download(url: str, output_file: str, pooch: object) -> None:  # noqa: ARG001 (pooch's protocol)
    """Write what a server sends, as long as it keeps within bounds."""
    import requests  # noqa: PLC0415 (comes with pooch)

    with requests.get(url, stream=True, timeout=_TIMEOUT_SECONDS) as response:
        response.raise_for_status()
        announced = response.headers.get("Content-Length", "")
        total = int(announced) if announced.isascii() and announced.isdigit() else 0
        _check_size(total, url)
        size = 0
        with Path(output_file).open("wb") as file:
            for chunk in response.iter_content(_CHUNK):
                size += len(chunk)
                _check_size(size, url)
                file.write(chunk)
                report("downloading", size, max(size, total))


def _check_size(size: int, url: str) -> None:
    if size > MOST_BYTES:
        message = f"the file at {url} is larger than {format_bytes(MOST_BYTES)}"
        raise DownloadError(message)


def _file_name(address: str) -> str:
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        parts, host = urlsplit(""), None
    if parts.scheme not in ("http", "https") or not host:
        message = f"url is {shorten(address)}; give an address that begins with https:// or http://"
        raise InvalidParameterError(message)
    name = re.sub(r"[^A-Za-z0-9._-]", "_", parts.path.rsplit("/", 1)[-1])
    return name if name.strip("._") else "data.csv"


def _read_note(note: Path) -> str:
    """The checksum a file had when it was first downloaded; empty if it is not known."""
    try:
        text = note.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return ""
    return text if _SHA256.fullmatch(text) else ""


def _reason(error: OSError) -> str:
    response = getattr(error, "response", None)
    if response is not None:
        return f"the server answered {response.status_code}"
    return error.strerror or type(error).__name__


def _import_pooch() -> Any:
    try:
        import pooch  # noqa: PLC0415 (optional)
    except ImportError:
        message = (
            "downloading needs pooch; install balancegame[data], or download the file yourself and "
            "give its path"
        )
        raise MissingDependencyError(message) from None
    return pooch
