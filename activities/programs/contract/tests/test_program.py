import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fettle_contract import (
    BAD_CONFIG,
    BAD_DATA,
    CRASHED,
    FINISHED,
    OUT_OF_MEMORY,
    BadData,
    Events,
    Verb,
    Workdir,
    run,
    sha256_of,
    tree_of,
    write_json,
)


@dataclass(frozen=True, slots=True)
class Config:
    rows: int = 1


def end(tmp_path: Path, body: Callable[[Config, Workdir], int], config: str = "{}") -> tuple[int, list[dict[str, Any]]]:
    path = tmp_path / "config.json"
    path.write_text(config)
    work = tmp_path / "work"
    code = run("test", {"go": Verb(Config, body)}, ["go", "--config", str(path), "--workdir", str(work)])
    return code, [json.loads(line) for line in (work / "events.jsonl").read_text().splitlines()]


def raising(error: Exception) -> Callable[[Config, Workdir], int]:
    def body(_config: Config, _workdir: Workdir) -> int:
        raise error

    return body


def test_a_body_ends_with_its_own_code_and_its_result_is_whole(tmp_path: Path) -> None:
    def body(config: Config, workdir: Workdir) -> int:
        workdir.result({"rows": config.rows})
        return FINISHED

    assert end(tmp_path, body, '{"rows": 3}') == (FINISHED, [])
    assert json.loads((tmp_path / "work/result.json").read_text()) == {"rows": 3}


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (BadData("row 3 has no assistant turn"), BAD_DATA),
        (RuntimeError("surprise"), CRASHED),
        (MemoryError(), OUT_OF_MEMORY),
        (RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory"), OUT_OF_MEMORY),
    ],
)
def test_a_failure_is_an_exit_code_an_event_and_the_last_line_on_stderr(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], error: Exception, code: int
) -> None:
    got, events = end(tmp_path, raising(error))
    assert (got, events[-1]["event"], events[-1]["code"]) == (code, "error", code)
    assert capsys.readouterr().err.splitlines()[-1] == events[-1]["reason"]


def test_the_reason_of_a_crash_quotes_nothing_and_the_log_holds_it_all(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, events = end(tmp_path, raising(ValueError("cannot encode 'my card number is 4000'")))
    assert re.fullmatch(r"ValueError at test_program\.py:\d+", events[-1]["reason"])
    assert "4000" in capsys.readouterr().err


def test_a_bad_configuration_never_reaches_the_body(tmp_path: Path) -> None:
    code, events = end(tmp_path, raising(AssertionError()), '{"rowz": 1, "rows": "x"}')
    assert code == BAD_CONFIG
    assert len(events[-1]["problems"]) == 2


def test_events_are_lines_of_plain_json_whatever_the_numbers(tmp_path: Path) -> None:
    events = Events(tmp_path / "events.jsonl")
    events.emit("step", loss=math.nan, grad_norm=math.inf, text="zwölf")
    events.progress("read", 1, None, "rows")
    lines = [json.loads(line, parse_constant=pytest.fail) for line in (tmp_path / "events.jsonl").open()]
    assert (lines[0]["loss"], lines[0]["grad_norm"], lines[0]["text"]) == ("nan", "inf", "zwölf")
    assert lines[1]["total"] is None


def test_a_phase_is_told_as_it_begins_and_returns_to_what_it_was(tmp_path: Path) -> None:
    events = Events(tmp_path / "events.jsonl")
    events.enter("step")
    with events.during("save"):
        assert events.phase == "save"
    assert events.phase == "step"
    told = [json.loads(line) for line in (tmp_path / "events.jsonl").open()]
    assert [(event["event"], event["phase"]) for event in told] == [
        ("alive", "step"),
        ("alive", "save"),
        ("alive", "step"),
    ]


def test_a_tree_lists_its_files_by_path_with_their_hashes(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    write_json(tmp_path / "b" / "x.json", {"a": 1})
    (tmp_path / "a.bin").write_bytes(b"abc")
    tree = tree_of(tmp_path)
    assert [(f["path"], f["bytes"]) for f in tree] == [("a.bin", 3), ("b/x.json", 12)]
    assert tree[0]["sha256"] == sha256_of(tmp_path / "a.bin")
