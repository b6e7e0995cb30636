"""Peak memory of the rule pack: compiled from YAML, loaded from the cache, and ready to read, each in a process of its own.

    python benchmarks/memory.py [--smoke] [--rules DIR]

Each process tells its own peak (`resource`, resident set, in MB of 1,048,576 bytes) and processor time; the ratio is to a process that
only imports the package.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile

_END = """
import json, resource, time
print(json.dumps([resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, time.process_time()]))
"""
_LOAD = "import sys, inventory; book = inventory.load_rulebook(sys.argv[1] or None)"
# In this order: the first that loads compiles, as the cache is empty.
STEPS = (
    ("package imported", "import inventory"),
    ("compiled and cached", _LOAD),
    ("loaded from cache", _LOAD),
    ("a sentence read", f"{_LOAD}\ninventory.extract('Poland sent 14 Leopard 2 tanks to Ukraine.', rulebook=book)"),
)


def measure(code: str, cache: str, rules: str) -> tuple[float, float]:
    """Peak memory in MB and processor time in seconds of a process that runs `code`."""
    environment = {**os.environ, "INVENTORY_CACHE": cache}
    done = subprocess.run([sys.executable, "-c", code + _END, rules], env=environment, capture_output=True, text=True, check=True)
    peak, seconds = json.loads(done.stdout)
    return peak, seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rules", default="", help="a folder to lay over the shipped pack")
    parser.add_argument("--smoke", action="store_true", help="the same: it takes seconds")
    given = parser.parse_args()
    base = 0.0
    with tempfile.TemporaryDirectory() as cache:
        for name, code in STEPS:
            peak, seconds = measure(code, cache, given.rules)
            base = base or peak
            print(f"{name:<20} {peak:6.0f} MB peak, {seconds:5.2f} s CPU, {peak / base:5.1f} times the package alone")


if __name__ == "__main__":
    main()
