"""Units, cron lines and DAGs are read by the programs that they are made for."""

from __future__ import annotations

import ast
import datetime as dt
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from job_support import Desk, call

from inventory.jobs.load import read_job
from inventory.jobs.schedule import make_files, plan_job

WEEK = "schedule: {at: '06:30', days: [mon, fri], memory: 512M}\n"


def written(desk: Desk, kind: str, tmp_path: Path) -> list[Path]:
    target = tmp_path / "units"
    assert call("schedule", str(desk.job), f"--{kind}", "-o", str(target)) == 0
    return sorted(target.iterdir())


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
@pytest.mark.parametrize("more", ["", WEEK, "network: true\n" + WEEK])
def test_systemd_verifies_the_units(desk: Desk, tmp_path: Path, more: str) -> None:
    desk.write(more)
    service, timer = written(desk, "systemd", tmp_path)
    assert (service.suffix, timer.suffix) == (".service", ".timer")
    done = subprocess.run(["systemd-analyze", "verify", str(service), str(timer)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    ours = [line for line in (done.stdout + done.stderr).splitlines() if "inventory-daily" in line]
    assert not ours
    text = service.read_text()
    for line in ("NoNewPrivileges=yes", "ProtectSystem=strict", "SuccessExitStatus=3", f"MemoryMax={'512M' if more else '2G'}",
                 f"PrivateNetwork={'no' if 'network' in more else 'yes'}", f"ReadWritePaths={desk.root}"):  # fmt: skip
        assert line in text.splitlines()
    assert "Persistent=true" in timer.read_text().splitlines()
    when = next(line for line in timer.read_text().splitlines() if line.startswith("OnCalendar=")).removeprefix("OnCalendar=")
    asked = subprocess.run(["systemd-analyze", "calendar", when], capture_output=True, text=True, check=False)
    assert asked.returncode == 0, asked.stderr
    assert f"Normalized form: {'Mon,Fri *-*-* 06:30:00' if more else '*-*-* 05:00:00'}" in asked.stdout


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_verifies_the_units_of_a_folder_with_a_strange_name(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "it's 100% $HOME")
    service, timer = written(desk, "systemd", tmp_path)
    done = subprocess.run(["systemd-analyze", "verify", str(service), str(timer)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "inventory-daily" not in done.stdout + done.stderr


def test_cron_runs_it_when_the_job_says(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    croniter = pytest.importorskip("croniter").croniter
    desk.write(WEEK)
    assert call("schedule", str(desk.job), "--cron") == 0
    line = capsys.readouterr().out
    assert line.count("\n") == 1
    fields = line.split(" ", 5)
    times = croniter(" ".join(fields[:5]), dt.datetime(2022, 2, 7, 6, 30))  # a Monday
    assert [times.get_next(dt.datetime) for _ in range(3)] == [
        dt.datetime(2022, 2, 11, 6, 30), dt.datetime(2022, 2, 14, 6, 30), dt.datetime(2022, 2, 18, 6, 30),
    ]  # fmt: skip
    words = shlex.split(fields[5])
    assert words[:5] == [sys.executable, "-m", "inventory", "report", str(desk.job)]


def test_the_line_of_cron_does_what_it_says(tmp_path: Path) -> None:
    """cron hands the command to a shell, `\\%` as `%`; here the shell runs it."""
    desk = Desk(tmp_path / "it's 100%")
    line = make_files(plan_job(read_job(desk.job)), "cron")["inventory-daily.cron"]
    command = line.split(" ", 5)[5].replace("\\%", "%")
    desk.out.mkdir(parents=True)
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    assert subprocess.run(["sh", "-c", command], env=env, check=False).returncode == 0
    assert desk.latest.is_file()
    assert '"event": "done"' in (desk.out / "cron.log").read_text()


def test_airflow_loads_the_dag(desk: Desk, tmp_path: Path) -> None:
    """By Airflow's own loader where an interpreter that has Airflow is named (INVENTORY_AIRFLOW), else against stand-ins."""
    desk.write(WEEK)
    (path,) = written(desk, "airflow", tmp_path)
    ast.parse(path.read_text())
    python = os.environ.get("INVENTORY_AIRFLOW")
    if python:
        code = (
            "import sys\n"
            "try:\n from airflow.dag_processing.dagbag import DagBag\n"
            "except ImportError:\n from airflow.models import DagBag\n"
            "bag = DagBag(sys.argv[1])\n"
            "assert not bag.import_errors, bag.import_errors\n"
            "dag = bag.dags['inventory_daily']\n"
            "task = dag.get_task('report')\n"
            "print(dag.schedule); print(task.render_template(task.bash_command, {}))\n"
        )
        env = {**os.environ, "AIRFLOW_HOME": str(tmp_path / "airflow"), "AIRFLOW__CORE__LOAD_EXAMPLES": "False"}
        env.pop("PYTHONPATH", None)
        done = subprocess.run([python, "-c", code, str(path.parent)], env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
        assert done.stdout.splitlines()[-2] == "30 6 * * mon,fri"
        assert str(desk.job) in done.stdout.splitlines()[-1]
        return
    made = _load_with_stand_ins(path)
    assert made["dag"]["schedule"] == "30 6 * * mon,fri"
    assert made["dag"]["catchup"] is False
    assert made["task"]["bash_command"].startswith(f"{sys.executable} -m inventory report {desk.job} ")


def _load_with_stand_ins(path: Path) -> dict[str, dict[str, object]]:
    made: dict[str, dict[str, object]] = {}
    code = path.read_text().replace("from airflow import DAG", "DAG = _dag")
    code = code[: code.index("try:")] + "BashOperator = _task\n" + code[code.index("with DAG") :]

    class Dag:
        def __init__(self, **given: object) -> None:
            made["dag"] = given

        def __enter__(self) -> Dag:
            return self

        def __exit__(self, *_: object) -> None:
            return None

    exec(compile(code, str(path), "exec"), {"_dag": Dag, "_task": lambda **given: made.update(task=given)})
    return made


def test_one_kind_has_to_be_chosen(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("schedule", str(desk.job)) == 64
    assert call("schedule", str(desk.job), "--cron", "--systemd") == 64
    assert call("schedule", str(desk.job), "--systemd") == 0
    assert "[Timer]" in capsys.readouterr().out
