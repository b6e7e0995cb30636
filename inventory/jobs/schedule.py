"""What makes a job run by the clock: systemd units, a line of cron, an Airflow DAG."""

from __future__ import annotations

import getpass
import re
import shlex
import sys
from pathlib import Path
from typing import NamedTuple

from inventory.jobs.load import Job
from inventory.jobs.schema import Schedule
from inventory.jobs.values import WEEKDAYS

WAIT = "10m"  # a review that is being handed in holds the store for seconds, another job for minutes
_SQLITE = "sqlite:///"
_DAYS = {day: day.capitalize() for day in WEEKDAYS}


class Plan(NamedTuple):
    """What is known of a job for a timer: the command, where it writes, whether it needs the network."""

    name: str
    command: tuple[str, ...]
    folder: Path
    writes: tuple[Path, ...]
    network: bool
    schedule: Schedule
    user: str
    log: Path


def plan_job(job: Job, user: str | None = None) -> Plan:
    """The plan of a job, for this installation of the program."""
    writes = [job.out]
    if job.store.startswith(_SQLITE):
        writes.append(Path(job.store.removeprefix(_SQLITE)).parent)
    if job.imports is not None:
        writes.append(job.imports)
    remote = any("://" in source for source in job.sources) or not job.store.startswith(_SQLITE)
    delivers = job.file.deliver.mail is not None or job.file.deliver.webhook is not None
    path = job.path.resolve()
    # Not sys.executable resolved: in an environment of its own that is a link, and following it leaves the environment.
    command = (sys.executable, "-m", "inventory", "report", str(path), "--wait", WAIT, "--log-format", "json")
    return Plan(
        job.name, command, path.parent, tuple(sorted({_nearest(one) for one in writes})), remote or delivers or job.file.network,
        job.file.schedule, user or getpass.getuser(), job.out / "cron.log",
    )  # fmt: skip


def make_files(plan: Plan, kind: str) -> dict[str, str]:
    """Name and text of each file: `systemd` gives a service and a timer, `cron` and `airflow` one file each."""
    if kind == "systemd":
        return {f"inventory-{plan.name}.service": make_service(plan), f"inventory-{plan.name}.timer": make_timer(plan)}
    if kind == "cron":
        return {f"inventory-{plan.name}.cron": make_cron_line(plan)}
    return {f"inventory_{plan.name.replace('-', '_')}.py": make_dag(plan)}


def make_service(plan: Plan) -> str:
    """The service: one run, shut off from everything that it does not need (systemd.exec(5))."""
    unit = f"inventory-{plan.name}"
    network = "Wants=network-online.target\nAfter=network-online.target\n" if plan.network else ""
    families = "AF_UNIX AF_INET AF_INET6" if plan.network else "AF_UNIX"
    writes = "".join(f"ReadWritePaths={_quote_path(path)}\n" for path in plan.writes)
    return f"""# {unit}.service — into /etc/systemd/system/, then: systemctl daemon-reload; systemctl enable --now {unit}.timer
[Unit]
Description=Inventory report {plan.name}
{network}
[Service]
Type=oneshot
User={plan.user}
WorkingDirectory={_quote_path(plan.folder, bare=True)}
ExecStart={" ".join(map(_quote, plan.command))}
# 3: the report is there, but some documents could not be read (they are on its sheet Errors)
SuccessExitStatus=3
TimeoutStartSec=6h
MemoryMax={plan.schedule.memory}
Nice=10
UMask=0027
CacheDirectory={unit}
Environment=INVENTORY_CACHE=%C/{unit}
ProtectSystem=strict
ProtectHome=read-only
{writes}NoNewPrivileges=yes
PrivateTmp=yes
PrivateDevices=yes
PrivateNetwork={"no" if plan.network else "yes"}
RestrictAddressFamilies={families}
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
CapabilityBoundingSet=
SystemCallArchitectures=native
SystemCallFilter=@system-service
"""


def make_timer(plan: Plan) -> str:
    """The timer; a run that was missed because the machine was off is made up for (`Persistent`)."""
    days = plan.schedule.days
    when = (",".join(_DAYS[day] for day in WEEKDAYS if day in days) + " " if days else "") + f"*-*-* {plan.schedule.at}:00"
    return f"""# inventory-{plan.name}.timer — beside the service
[Unit]
Description=Runs the inventory report {plan.name}

[Timer]
OnCalendar={when}
Persistent=true
AccuracySec=1min

[Install]
WantedBy=timers.target
"""


def make_cron_line(plan: Plan) -> str:
    """A line for `crontab -e`. cron reads `%` as a line end unless it is escaped, and knows no missed runs."""
    command = f"{shlex.join(plan.command)} >> {shlex.quote(str(plan.log))} 2>&1"
    if "\n" in command or "\r" in command:
        raise ValueError(f"{plan.command}: a line end in a path cannot be written in a crontab")
    return f"{make_cron_time(plan.schedule)} {command.replace('%', chr(92) + '%')}\n"


def make_cron_time(schedule: Schedule) -> str:
    """The five fields of cron."""
    days = ",".join(day for day in WEEKDAYS if day in schedule.days) if schedule.days else "*"
    return f"{schedule.at.minute} {schedule.at.hour} * * {days}"


def make_dag(plan: Plan) -> str:
    """A DAG of one task, for Airflow 2.4 and later; times are UTC."""
    # Doubled braces and a blank at the end: Airflow's templates must read neither the path nor a file name that ends in .sh out of it.
    command = re.sub(r"[{}%#]", lambda match: f"{{{{ '{match[0]}' }}}}", shlex.join(plan.command)) + " "
    return f'''"""Runs the inventory report {plan.name}. Made by: inventory schedule --airflow."""

from datetime import datetime, timedelta, timezone

from airflow import DAG

try:
    from airflow.providers.standard.operators.bash import BashOperator
except ImportError:  # Airflow 2
    from airflow.operators.bash import BashOperator

with DAG(
    dag_id={f"inventory_{plan.name}"!r},
    schedule={make_cron_time(plan.schedule)!r},
    start_date=datetime(2024, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    max_active_runs=1,
    tags=["inventory"],
) as dag:
    BashOperator(
        task_id="report",
        # 3: the report is there, but some documents could not be read
        bash_command={command + "|| [ $? -eq 3 ] "!r},
        execution_timeout=timedelta(hours=6),
        retries=2,
        retry_delay=timedelta(minutes=15),
    )
'''


def _nearest(path: Path) -> Path:
    """The folder itself, or the nearest one above it that is there: what is not there cannot be made writable."""
    return next((one for one in (path, *path.parents) if one.is_dir()), path)


def _quote(word: str) -> str:
    """A word of ExecStart (systemd.service(5)): specifiers and variables are escaped, the rest is quoted as in C."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$").replace("\n", "\\n")
    return f'"{escaped}"' if re.search(r"[^\w@%+=:,./$-]", escaped) or not escaped else escaped


def _quote_path(path: Path, *, bare: bool = False) -> str:
    """A path of a setting. WorkingDirectory takes the rest of the line as it stands, ReadWritePaths a list of words."""
    text = str(path).replace("%", "%%")
    if bare:
        return text
    text = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"' if re.search(r"\s", text) else text
