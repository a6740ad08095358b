"""Rows in shards: the same steps whether they lie on the disk or come one by one, and after an interruption."""

import json
import signal
import threading
from pathlib import Path
from typing import Any

import pytest
from fettle_contract import BAD_DATA, STOPPED, BadData
from fettle_contract.suite import job, write_rows  # noqa: F401  a fixture
from fettle_contract.trial import Backend, Trial, weights
from fettle_trainer.order import WINDOW
from fettle_trainer.shards import read_index

SHARDS = (2, 1, 3, 2, 1, 2, 3, 1, 2, 2, 1, 2, 3, 2)


class Feeder(threading.Thread):
    """Brings what `wanted.json` names, one by one, and takes away the rest, as an agent does."""

    def __init__(self, source: Path, folder: Path) -> None:
        super().__init__(daemon=True)
        self.source, self.folder, self.most = source, folder, 0
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.wait(0.01):
            wanted = self.folder / "wanted.json"
            names = json.loads(wanted.read_text())["shards"] if wanted.exists() else []
            for file in self.folder.glob("*.jsonl") if names else []:
                if file.name not in names:
                    file.unlink()
            for name in names:
                if not (self.folder / name).exists():
                    (self.folder / ".part").write_bytes((self.source / name).read_bytes())
                    (self.folder / ".part").replace(self.folder / name)
                    break
            self.most = max(self.most, len(list(self.folder.glob("*.jsonl"))))


@pytest.fixture
def index(tmp_path: Path) -> Path:
    folder = tmp_path / "train"
    folder.mkdir()
    lines = write_rows(tmp_path / "all.jsonl", sum(SHARDS), 3).read_text().splitlines(keepends=True)
    listed = []
    for number, rows in enumerate(SHARDS):
        name = f"{number:05}.jsonl"
        (folder / name).write_text("".join(lines[:rows]))
        listed.append({"name": name, "rows": rows})
        del lines[:rows]
    path = folder / "index.json"
    path.write_text(json.dumps({"shards": listed}))
    return path


@pytest.fixture
def config(job: dict[str, Any], index: Path) -> dict[str, Any]:  # noqa: F811
    return job | {"train": str(index), "max_steps": 14}


def losses(*trials: Trial) -> list[tuple[int, float]]:
    return [(step["step"], step["loss"]) for trial in trials for step in trial.events("step")]


def test_streamed_shards_are_the_same_training(
    backend: Backend, tmp_path: Path, index: Path, config: dict[str, Any]
) -> None:
    whole = backend.start(config, tmp_path / "whole").finished()
    streamed = tmp_path / "streamed" / "shards"
    streamed.mkdir(parents=True)
    feeder = Feeder(index.parent, streamed)
    feeder.start()
    other = backend.start(config | {"streamed": str(streamed)}, tmp_path / "streamed").finished()
    feeder.over.set()
    assert losses(other) == losses(whole)
    assert weights(other.last) == weights(whole.last)
    assert 0 < feeder.most <= 3 * WINDOW < len(SHARDS)


def test_a_killed_trainer_goes_on_in_the_midst_of_a_window(
    backend: Backend, tmp_path: Path, config: dict[str, Any]
) -> None:
    whole = backend.start(config, tmp_path / "whole").finished()
    first = backend.start(config, tmp_path / "first")
    first.until("checkpoint", step=5)
    first.signal(signal.SIGKILL)
    first.end()
    resumed = config | {"resume_from": str(first.checkpoints()[0])}
    second = backend.start(resumed, tmp_path / "second").finished()
    assert losses(second) == losses(whole)[5:]
    assert weights(second.last) == weights(whole.last)


def test_a_trainer_that_waits_for_a_shard_stops_when_it_is_asked_to(
    backend: Backend, tmp_path: Path, config: dict[str, Any]
) -> None:
    streamed = tmp_path / "streamed" / "shards"
    trial = backend.start(config | {"streamed": str(streamed)}, tmp_path / "streamed")
    trial.until("alive", phase="rows")
    trial.signal(signal.SIGTERM)
    assert trial.end() == STOPPED
    assert json.loads((streamed / "wanted.json").read_text())["shards"]


def test_a_shard_with_other_rows_than_its_index_says_is_refused(
    backend: Backend, tmp_path: Path, index: Path, config: dict[str, Any]
) -> None:
    for shard in index.parent.glob("*.jsonl"):
        shard.write_text(shard.read_text() * 2)
    trial = backend.start(config, tmp_path / "work")
    assert trial.end() == BAD_DATA


@pytest.mark.parametrize(
    "text",
    ["", "[]", '{"shards": []}', '{"shards": [{"name": "../x", "rows": 1}]}', '{"shards": [{"name": "x", "rows": 0}]}'],
)
def test_what_is_no_index_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "index.json"
    path.write_text(text)
    with pytest.raises(BadData, match="index"):
        read_index(path)
