"""The trainer's test model and some rows for it; torch is imported once."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest


@dataclass(frozen=True, slots=True)
class Ended:
    """How a program ended."""

    code: int
    result: dict[str, Any]
    reason: str


@pytest.fixture
def quantize(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ended]:
    """Runs the verb as its command line would, without a new process; `out` is tmp_path/out."""
    from fettle_quantize.__main__ import main

    def run(**config: Any) -> Ended:
        file, workdir = tmp_path / "config.json", tmp_path / "work"
        file.write_text(json.dumps({"out": str(tmp_path / "out"), "max_length": 64} | config, default=str), "utf-8")
        capsys.readouterr()
        code = main(["quantize", "--config", str(file), "--workdir", str(workdir)])
        lines = capsys.readouterr().err.strip().splitlines()
        result = workdir / "result.json"
        return Ended(code, json.loads(result.read_text()) if result.exists() else {}, lines[-1] if lines else "")

    return run


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from fettle_trainer.__main__ import main

    folder, work = tmp_path_factory.mktemp("tiny"), tmp_path_factory.mktemp("work")
    (work / "tiny.json").write_text(json.dumps({"out": str(folder), "seed": 1, "vocab_rows": None}))
    assert main(["tiny", "--config", str(work / "tiny.json"), "--workdir", str(work)]) == 0
    return folder


@pytest.fixture(scope="session")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve rows in the trainer's form."""
    file = tmp_path_factory.mktemp("rows") / "train.jsonl"
    turns = [
        [{"role": "user", "content": f"ticket {i} is late"}, {"role": "assistant", "content": f"urgent {i}"}]
        for i in range(12)
    ]
    file.write_text("".join(json.dumps({"id": str(i), "messages": m}) + "\n" for i, m in enumerate(turns)), "utf-8")
    return file
