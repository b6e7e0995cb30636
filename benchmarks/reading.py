"""What reading costs: pages, Word files and PDFs in their process, beside the same texts as plain files in the same run.

    python benchmarks/reading.py [--smoke] [--files N]

Each folder holds N copies of one sample of tests/reading/fixtures. Wall time of the best of three, the start of the process included; the
ratio is to reading the article as N plain files.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from inventory.model import Document
from inventory.reading import read_documents

FIXTURES = Path(__file__).resolve().parents[1] / "tests/reading/fixtures"
SAMPLES = ("article.txt", "page.html", "report.docx", "report.pdf", "mail.msg")


def measure(sample: Path, count: int) -> float:
    """Seconds for `count` copies of a file, the best of three."""
    with tempfile.TemporaryDirectory() as folder:
        raw = sample.read_bytes()
        for number in range(count):
            Path(folder, f"{number}{sample.suffix}").write_bytes(raw)
        best = float("inf")
        for _ in range(3):
            began = time.perf_counter()
            found = sum(isinstance(one, Document) for one in read_documents([folder]))
            best = min(best, time.perf_counter() - began)
            if found < count:
                sys.exit(f"{sample.name}: {found} documents of {count} files")
        return best


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--files", type=int, default=200)
    parser.add_argument("--smoke", action="store_true", help="a few files only, to see that it runs")
    given = parser.parse_args()
    count = 5 if given.smoke else given.files
    plain = 0.0
    for name in SAMPLES:
        seconds = measure(FIXTURES / name, count)
        plain = plain or seconds
        print(f"{name:12} {1000 * seconds / count:7.2f} ms a file, {seconds / plain:6.0f} times a plain text")


if __name__ == "__main__":
    main()
