"""Downloads, against a server of our own with made-up files."""

from __future__ import annotations

import hashlib
import http.server
import sys
import threading

import pytest

import balancegame as bg
from balancegame.errors import (
    DownloadError,
    InvalidParameterError,
    MissingDependencyError,
    UnknownDataSetError,
)
from balancegame.world.data import download
from tests.world.data import samples


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        content = self.server.files.get(self.path)
        if content is None:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(self.server.announced or len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def server():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as one:
        one.files = {"/made-up.csv": samples.MAJORS.encode()}
        one.asked, one.announced = [], 0
        one.at = f"http://127.0.0.1:{one.server_port}"
        thread = threading.Thread(target=one.serve_forever, daemon=True)
        thread.start()
        yield one
        one.shutdown()
        thread.join()


pytestmark = pytest.mark.usefixtures("quiet")


@pytest.fixture
def quiet(monkeypatch):
    pooch = pytest.importorskip("pooch", reason="pooch is not installed")
    monkeypatch.setattr(pooch.get_logger(), "level", 50)
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def fetch(server, folder, **options):
    return bg.download_data(
        "major powers", url=f"{server.at}/made-up.csv", folder=folder, **options
    )


def test_a_file_comes_and_is_kept(server, tmp_path):
    path = fetch(server, tmp_path)
    assert bg.major_powers(path, 1900) == (200, 255)
    assert fetch(server, tmp_path) == path
    assert server.asked == ["/made-up.csv"]


def test_a_file_that_is_kept_needs_no_connection(server, tmp_path):
    path = fetch(server, tmp_path)
    server.files.clear()
    assert fetch(server, tmp_path) == path


def test_the_checksum_is_checked(server, tmp_path):
    right = hashlib.sha256(samples.MAJORS.encode()).hexdigest()
    with pytest.raises(DownloadError, match=f"does not have the SHA-256 {'0' * 64}"):
        fetch(server, tmp_path, known_hash="0" * 64)
    assert list(tmp_path.iterdir()) == []
    assert fetch(server, tmp_path, known_hash=f"sha256:{right.upper()}").is_file()


def test_what_was_taken_on_trust_must_not_change(server, tmp_path):
    path = fetch(server, tmp_path)
    path.unlink()
    server.files["/made-up.csv"] += b"\n"
    with pytest.raises(DownloadError, match=r"has been changed.*made-up\.csv\.sha256"):
        fetch(server, tmp_path)


def test_a_kept_file_that_was_damaged_is_fetched_again(server, tmp_path):
    path = fetch(server, tmp_path)
    path.write_text("damaged")
    assert fetch(server, tmp_path).read_text() == samples.MAJORS
    assert len(server.asked) == 2


def test_files_that_are_not_there(server, tmp_path):
    with pytest.raises(DownloadError, match=r"the server answered 404.*offline.*give its path"):
        bg.download_data("wars", url=f"{server.at}/absent.csv", folder=tmp_path)


def test_offline(server, tmp_path):
    server.shutdown()
    server.server_close()
    with pytest.raises(DownloadError, match="are you offline"):
        fetch(server, tmp_path)


@pytest.mark.parametrize("announced", [0, 10**12])
def test_files_that_are_too_large(server, tmp_path, monkeypatch, announced):
    monkeypatch.setattr(download, "MOST_BYTES", 50)
    server.announced = announced
    with pytest.raises(DownloadError, match="larger than 50 bytes"):
        fetch(server, tmp_path)


def test_progress_is_reported(server, tmp_path):
    from balancegame._progress import listening

    seen = []
    with listening(lambda *one: seen.append(one)):
        fetch(server, tmp_path)
    assert seen[-1] == ("downloading", len(samples.MAJORS), len(samples.MAJORS))


def test_without_pooch(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "pooch", None)
    with pytest.raises(MissingDependencyError, match=r"install balancegame\[data\]"):
        bg.download_data("wars", folder=tmp_path)


def test_data_sets_without_an_address(tmp_path):
    with pytest.raises(DownloadError, match=r"no address is known for the data set 'rivalries'"):
        bg.download_data("rivalries", folder=tmp_path)
    with pytest.raises(UnknownDataSetError, match="did you mean 'wars'"):
        bg.download_data("war", folder=tmp_path)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://x/y", "x.csv", "http://", "http://["])
def test_addresses_that_are_none(url, tmp_path):
    with pytest.raises(InvalidParameterError, match="give an address"):
        bg.download_data("wars", url=url, folder=tmp_path)


def test_hashes_that_are_none(tmp_path):
    with pytest.raises(InvalidParameterError, match="64 hexadecimal digits"):
        bg.download_data("wars", known_hash="md5:1", folder=tmp_path)


def test_names_of_files_stay_in_the_folder():
    assert download._file_name("http://a/b/..") == "data.csv"
    assert download._file_name("http://a/b/c%2F..%2Fd.csv?x=/../y") == "c_2F.._2Fd.csv"


def test_what_is_known_of_the_published_files():
    for name, published in download.PUBLISHED.items():
        assert published.page.startswith("http"), name
        assert published.url == "" or published.url.startswith("https://"), name
        assert len(published.sha256) in (0, 64), name


def test_a_folder_that_cannot_be_written(server, tmp_path):
    (tmp_path / "made-up.csv.sha256").mkdir()
    with pytest.raises(DownloadError, match=r"cannot write .*made-up\.csv\.sha256"):
        fetch(server, tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(DownloadError, match="cannot download"):
        fetch(server, tmp_path / "file")


def test_what_pooch_refuses_is_said(server, tmp_path, monkeypatch):
    import pooch

    def refuse(*arguments, **options):
        message = "made up"
        raise ValueError(message)

    monkeypatch.setattr(pooch, "retrieve", refuse)
    with pytest.raises(DownloadError, match=r"cannot download http.*: made up"):
        fetch(server, tmp_path)
