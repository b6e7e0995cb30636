"""Job files are read strictly: every fault has its line, column and mend, and ends with 78."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from job_support import Desk, call

from inventory.jobs.errors import JobError
from inventory.jobs.load import read_job

ROOT = Path(__file__).parents[2]

FAULTS = {
    "sources: [news]\nsorces: [x]\n": "2:9: unknown key 'sorces' — remove the key",
    "job: daily\n": "1:1: key 'sources' is missing — add the key",
    "sources: []\n": "1:10: sources: ",
    "sources: [news]\nnetwork: maybe\n": "2:10: network: value error, neither true nor false",
    "sources: [news]\nsheets: [Summary, Fact]\n": "2:19: sheets: input should be 'Summary', ",
    "sources: [news]\nexpectations: {documents: {min: ten}}\n": "2:33: expectations.documents.min: ",
    "sources: [news]\nexpectations: {documents: {least: 3}}\n": "2:35: unknown key 'least'",
    "sources: [news]\nfilters:\n  country: Ukraine\n": "3:12: filters.country: string should match pattern",
    "sources: [news]\nfilters: {period: {last: 7d, since: 2022-01-01}}\n": "2:19: filters.period: value error, last stands beside",
    "sources: [news]\nfilters: {period: {since: 2022-13-01}}\n": "2:27: filters.period.since: ",
    "sources: [news]\nschedule: {at: '25:00'}\n": "2:16: schedule.at: value error, '25:00' is no time of day",
    "sources: [news]\nretention: {text: 10m}\n": "2:19: retention.text",
    "sources: [news]\nreviews: {conflict: lead}\n": "2:10: reviews: value error, conflict: lead and lead: NAME",
    "sources: [news]\ndeliver: {mail: {to: a@example.org, sender: b@example.org, server: mail, password: x}}\n": "unknown key 'password'",
    "sources: &here [news]\n": "1:10: anchor &here is not allowed",
    "sources: [news]\nsources: [news]\n": "2:1: key 'sources' stands twice",
    "sources: [news\n": "not valid YAML",
    "- news\n": "is no job",
    "": "is no job",
}


@pytest.mark.parametrize("text", FAULTS, ids=range(len(FAULTS)))
def test_each_fault_names_its_place_and_mend(desk: Desk, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    desk.job.write_text(text, "utf-8")
    assert desk.run(1) == 78
    told = capsys.readouterr().err
    assert FAULTS[text] in told
    assert re.match(rf"{re.escape(str(desk.job))}:\d+:\d+: .+ — .+\n", told)
    assert not (desk.root / "out").exists()


def test_all_faults_are_told_in_one_go(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.job.write_text("sources: [news]\ncolour: red\ncolumns: wide\nexpectations: {facts: {min: -1}}\n", "utf-8")
    assert desk.run(1) == 78
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(":")[1] for line in lines[:-1]] == ["2", "3", "4"]
    assert lines[-1] == "inventory: the job has 3 fault(s)"


def test_what_the_job_names_must_be_there(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.job.write_text(
        "sources: [news, gone, 'x/*.zip', 'https://example.org/feed', 's3://bucket/x']\nrules: mine\ngrades: g.yaml\n", "utf-8"
    )
    assert desk.run(1) == 78
    told = capsys.readouterr().err
    for place in ("1:17: ", "1:23: ", "1:34: ", "1:62: ", "2:8: ", "3:9: "):
        assert f"daily.yaml:{place}" in told
    desk.write("filters: {actor: [RUS, Rusia], category: [armor]}\n")
    assert desk.run(1) == 78
    told = capsys.readouterr().err
    assert "2:24: side 'Rusia' is not known" in told
    assert "2:43: category 'armor' is not known" in told
    assert "armour" in told
    desk.write("grades: grades.yaml\n")
    (desk.root / "grades.yaml").write_text("grades:\n  - source: A\n    reliability: G\n    reason: x\n", "utf-8")
    assert desk.run(1) == 78
    assert "grades.yaml:3:18: reliability 'G'" in capsys.readouterr().err


def test_paths_count_from_the_file_and_not_from_where_the_command_is_called(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(desk.root)
    near = read_job(Path("daily.yaml"))
    monkeypatch.chdir(desk.news)
    far = read_job(Path("../daily.yaml"))
    for name in ("name", "sources", "store", "out"):
        assert getattr(near, name) == getattr(far, name)
    assert near.store == desk.store


def test_a_file_whose_name_is_no_name_needs_one(tmp_path: Path) -> None:
    path = tmp_path / "My job.yaml"
    path.write_text("sources: [x]\n", "utf-8")
    with pytest.raises(JobError, match=r"add e\.g\. job: daily"):
        read_job(path)
    path.write_text("job: mine\nsources: [x]\n", "utf-8")
    assert read_job(path).name == "mine"


def test_the_file_of_the_documentation_has_every_key_and_fits(tmp_path: Path) -> None:
    from inventory.jobs.schema import Block, JobFile

    page = (ROOT / "docs/jobs.md").read_text("utf-8")
    (block,) = re.findall(r"^```yaml\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    path = tmp_path / "job.yaml"
    path.write_text(block, "utf-8")
    job = read_job(path)
    assert job.name == "daily"

    def keys(block: type[Block]) -> set[str]:
        found = set(block.model_fields)
        for field in block.model_fields.values():
            for kind in (field.annotation, *getattr(field.annotation, "__args__", ())):
                if isinstance(kind, type) and issubclass(kind, Block):
                    found |= keys(kind)
        return found

    missing = [key for key in keys(JobFile) if not re.search(rf"\b{key}:", page)]
    assert not missing


def test_a_missing_job_file_and_wrong_options(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("report", str(desk.root / "none.yaml")) == 78
    assert "cannot be read" in capsys.readouterr().err
    for options in (("--wait", "soon"), ("--log-format", "xml"), ("--now", "today"), ("--nonsense",)):
        assert call("report", str(desk.job), *options) == 64, options
