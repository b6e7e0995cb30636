"""What can go wrong with a job file, and with a run of it."""

from __future__ import annotations

from inventory.rulebook.faults import Fault

EXIT_PARTIAL = 3
EXIT_DAMAGED = 65
EXIT_SETTING = 78


class JobError(Exception):
    """The job cannot be run as it is written; `faults` holds every fault found, in file order. The command ends with 78."""

    exit_code = EXIT_SETTING

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = sorted(faults)
        super().__init__("\n".join(map(str, self.faults)))
