"""Faults are tried on SQLite and on a PostgreSQL server that the tests start themselves."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "store"))

from postgres_server import serve_or_skip

server = pytest.fixture(scope="session")(serve_or_skip)
