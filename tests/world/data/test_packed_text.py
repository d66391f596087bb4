"""Files as they come: plain, gzipped, zipped, zipped twice; and files that mean ill."""

from __future__ import annotations

import gzip
import hashlib
import io
import zipfile

import pytest

from balancegame.errors import DataFormatError, InvalidTypeError
from balancegame.world.data import packed_text
from balancegame.world.data.packed_text import read_packed_text

TEXT = "a,b\n1,2\n"
NONE = r"(?!)"


def zipped(members: dict[str, bytes | str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def text_only(value):
    """A name for a case: packed bytes hold the time."""
    return value if isinstance(value, str) else "content"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("plain.csv", TEXT.encode()),
        ("marked.csv", TEXT.encode("utf-8-sig")),
        ("spreadsheet.csv", TEXT.encode("utf-16")),
        ("packed.csv.gz", gzip.compress(TEXT.encode())),
        ("packed.zip", zipped({"readme.txt": "no", "x/data.csv": TEXT})),
        ("nested.zip", zipped({"y/inner.zip": zipped({"data.csv": TEXT})})),
        ("mac.zip", zipped({"data.csv": TEXT, "__MACOSX/._data.csv": b"\0\5"})),
        ("preferred.zip", zipped({"other.csv": "z", "wanted.csv": TEXT, "x/third.csv": "z"})),
    ],
    ids=text_only,
)
def test_the_text_comes_out(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    found = read_packed_text(path, r"wanted\.csv$")
    assert found.text == TEXT
    assert found.digest == hashlib.sha256(content).hexdigest()
    assert read_packed_text(str(path), r"wanted\.csv$") == found


def test_text_that_is_not_utf8_is_read_as_western(tmp_path):
    path = tmp_path / "old.csv"
    path.write_bytes("Württemberg".encode("latin-1"))
    assert read_packed_text(path, NONE).text == "Württemberg"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (zipped({"a.csv": TEXT, "b.csv": TEXT}), r"several CSV files \('?a.csv, b.csv"),
        (zipped({"a.txt": TEXT}), "no CSV file"),
        (zipped({"a.csv": TEXT})[:-30], "not an archive"),
        (gzip.compress(TEXT.encode() * 1000)[:-40], "cannot be unpacked"),
        (b"\x1f\x8bnonsense", "cannot be unpacked"),
        (zipped({f"{k}.zip": zipped({"a.csv": TEXT}) for k in range(20)}), "archives"),
        (zipped({f"{k}.csv": "" for k in range(1001)}), "1,001 files"),
    ],
    ids=text_only,
)
def test_archives_that_cannot_be_read(tmp_path, content, said):
    path = tmp_path / "data.zip"
    path.write_bytes(content)
    with pytest.raises(DataFormatError, match=said):
        read_packed_text(path, NONE)


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_damaged_archives_are_refused_by_name(tmp_path, method):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        archive.writestr("a.csv", TEXT * 50)
    content = packed.getvalue()
    path = tmp_path / "data.zip"
    refused = 0
    for place in range(4, len(content)):
        path.write_bytes(content[:place] + bytes([content[place] ^ 0x55]) + content[place + 1 :])
        try:
            read_packed_text(path, NONE)
        except DataFormatError:
            refused += 1
    assert refused > len(content) // 4


def test_archives_with_a_password_are_refused(tmp_path):
    content = bytearray(zipped({"a.csv": TEXT}))
    content[6] |= 1
    content[content.index(b"PK\1\2") + 8] |= 1
    path = tmp_path / "data.zip"
    path.write_bytes(bytes(content))
    with pytest.raises(DataFormatError, match="password"):
        read_packed_text(path, NONE)


def test_an_archive_that_holds_itself_many_times_over_ends(tmp_path):
    inner = zipped({"a.csv": TEXT})
    for _ in range(12):
        inner = zipped({"b.zip": inner})
    path = tmp_path / "deep.zip"
    path.write_bytes(inner)
    with pytest.raises(DataFormatError, match="holds more than"):
        read_packed_text(path, NONE)


@pytest.mark.parametrize("pack", [gzip.compress, lambda raw: zipped({"a.csv": raw})])
def test_bombs_are_not_unpacked(tmp_path, monkeypatch, pack):
    monkeypatch.setattr(packed_text, "MOST_BYTES", 5_000)
    path = tmp_path / "bomb"
    path.write_bytes(pack(b"0" * 100_000))
    assert path.stat().st_size < 5_000
    with pytest.raises(DataFormatError, match="larger than"):
        read_packed_text(path, NONE)


def test_large_files_are_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(packed_text, "MOST_BYTES", 5)
    path = tmp_path / "large.csv"
    path.write_text("123456")
    with pytest.raises(DataFormatError, match=r"large\.csv is larger than 5 bytes"):
        read_packed_text(path, NONE)


def test_names_in_archives_do_not_reach_the_terminal(tmp_path):
    path = tmp_path / "data.zip"
    path.write_bytes(zipped({"a\x1b[2J.csv": TEXT, "b.csv": TEXT}))
    with pytest.raises(DataFormatError) as caught:
        read_packed_text(path, NONE)
    assert "\x1b" not in str(caught.value)


def test_paths_that_are_none(tmp_path):
    for path in (tmp_path, tmp_path / "absent.csv", "a\0b"):
        with pytest.raises(DataFormatError, match="data file"):
            read_packed_text(path, NONE)
    with pytest.raises(InvalidTypeError, match="give a path or a pandas DataFrame"):
        read_packed_text(7, NONE)
