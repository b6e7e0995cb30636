"""Objects in a real S3 server on this machine, by address, prefix and pattern."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from made_files import BODY, DAY, FIXTURES, TITLE, make_warc, make_zip, recall, write_parquet

pytest.importorskip("s3fs")
pytest.importorskip("trafilatura")
boto3 = pytest.importorskip("boto3")
server_module = pytest.importorskip("moto.server")
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_DEFAULT_REGION": "us-east-1"}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that holds some objects."""
    server = server_module.ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    client = boto3.client("s3", endpoint_url=url, aws_access_key_id="key", aws_secret_access_key="secret", region_name="us-east-1")
    client.create_bucket(Bucket="press")
    parquet = write_parquet(tmp_path_factory.mktemp("parquet")).read_bytes()
    objects = {
        "in/page.html": (FIXTURES / "page.html").read_bytes(),
        "in/2031/report.pdf": (FIXTURES / "report.pdf").read_bytes(),
        "in/2031/report.meta.yaml": b"published: 2031-05-01\n",
        "in/2031/crawl.warc.gz": make_warc(),
        "in/2031/batch.zip": make_zip({"a.txt": BODY.encode(), "b.pdf": b"%PDF-1.7 broken"}),
        "in/texts.parquet": parquet,
        "in/texts.jsonl": b'{"text": "Twelve tanks."}\n',
        "in/logo.png": b"\x89PNG",
        "in/.hidden.txt": b"x",
        "other/a.txt": b"Not asked for.",
    }
    for name, body in objects.items():
        client.put_object(Bucket="press", Key=name, Body=body)
    yield url
    server.stop()


@pytest.fixture
def options(store: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    return {"storage_options": {"s3": {"endpoint_url": store}}}


def test_all_below_a_prefix(options: dict[str, Any], read: Callable) -> None:
    result = read("s3://press/in/", **options)
    docs = {doc.doc_id: doc for doc in result.docs}
    assert list(docs) == [
        "2031/batch.zip/a.txt", "2031/crawl.warc.gz#2", "2031/report.pdf", "page.html", "texts.jsonl#1", "texts.parquet#1",
        "texts.parquet#2",
    ]  # fmt: skip
    assert [(issue.doc_id, issue.kind) for issue in result.failures] == [("2031/batch.zip/b.pdf", "damaged")]
    assert "s3://press/in/2031/batch.zip/b.pdf" in result.failures[0].message
    assert (docs["page.html"].title, docs["page.html"].published) == (TITLE, DAY)
    assert docs["2031/report.pdf"].published == dt.date(2031, 5, 1)
    for name in ("page.html", "2031/report.pdf", "2031/crawl.warc.gz#2", "2031/batch.zip/a.txt", "texts.parquet#1"):
        assert recall(docs[name].text) >= 0.98


def test_one_object_and_a_pattern(options: dict[str, Any], read: Callable) -> None:
    result = read("s3://press/in/2031/report.pdf", "s3://press/in/*.html", "s3://press/in/**/*.zip", **options)
    assert [doc.doc_id for doc in result.docs] == ["report.pdf", "page.html", "2031/batch.zip/a.txt"]
    assert result.docs[0].published == dt.date(2031, 5, 1), "the sidecar beside it"


def test_what_is_not_there_or_may_not_be_read(options: dict[str, Any], read: Callable) -> None:
    result = read("s3://press/in/none.txt", "s3://nobody/x.txt", "s3://press/none*", "nosuch://press/x.txt", **options)
    assert [issue.kind for issue in result.failures] == ["vanished", "vanished", "no documents", "unknown address"]


def test_the_command_reads_a_store(store: str, options: dict[str, Any], tmp_path: Path) -> None:
    import os

    environment = {**os.environ, "AWS_ENDPOINT_URL": store, "FSSPEC_S3_ENDPOINT_URL": store}
    command = [sys.executable, "-m", "inventory", "extract", "s3://press/in/", "-o", str(tmp_path / "out.csv"), "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 3, done.stderr
    assert "page.html" in (tmp_path / "out.csv").read_text(encoding="utf-8")
