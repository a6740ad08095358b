"""The trainer's test model and some rows for it; torch is imported once."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fettle_contract.inprocess import Ended, end_of


@pytest.fixture
def quantize(tmp_path: Path) -> Callable[..., Ended]:
    """The verb over keywords; `out` is tmp_path/out."""
    from fettle_quantize.__main__ import main

    def run(**config: Any) -> Ended:
        return end_of(main, "quantize", {"out": tmp_path / "out", "max_length": 64} | config, tmp_path)

    return run


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from fettle_trainer.__main__ import main

    folder = tmp_path_factory.mktemp("tiny")
    config = {"out": folder, "seed": 1, "vocab_rows": None}
    assert end_of(main, "tiny", config, tmp_path_factory.mktemp("work")).code == 0
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
