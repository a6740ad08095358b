"""One start of a trainer under test: its process, its events as they come, its checkpoints, its end."""

import json
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from fettle_contract.files import sha256_of

PATIENCE = 300.0
Event = dict[str, Any]


@dataclass
class Trial:
    process: BaseProcess
    workdir: Path
    stderr_file: Path

    def until(self, event: str, **fields: Any) -> Event:
        """The first such event; fails where the process ends without it."""
        deadline = monotonic() + PATIENCE
        while monotonic() < deadline:
            ended = not self.process.is_alive()
            for seen in self.events():
                if seen["event"] == event and all(seen.get(k) == v for k, v in fields.items()):
                    return seen
            assert not ended, f"ended with {self.process.exitcode} before {event} {fields}: {self.stderr()[-2000:]}"
            sleep(0.005)
        raise AssertionError(f"no {event} {fields} within {PATIENCE} s")

    def signal(self, number: signal.Signals) -> None:
        """Nothing where the process has ended meanwhile: on a busy machine it may be quicker than its reader."""
        if self.process.is_alive():
            os.kill(self.process.pid or 0, number)

    def end(self) -> int:
        self.process.join(PATIENCE)
        code = self.process.exitcode
        if code is None:
            self.process.kill()
            raise AssertionError(f"still running after {PATIENCE} s: {self.stderr()[-2000:]}")
        return code

    def finished(self) -> "Trial":
        code = self.end()
        assert code == 0, f"ended with {code}: {self.stderr()[-2000:]}"
        return self

    def events(self, kind: str | None = None) -> list[Event]:
        path = self.workdir / "events.jsonl"
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        whole = text[: text.rfind("\n") + 1].splitlines()
        events: list[Event] = [json.loads(line) for line in whole]
        return [e for e in events if kind is None or e["event"] == kind]

    def stderr(self) -> str:
        return self.stderr_file.read_text(encoding="utf-8")

    def checkpoints(self) -> list[Path]:
        return sorted((self.workdir / "checkpoints").glob("step-*"))

    @property
    def last(self) -> Path:
        return self.checkpoints()[-1]


@dataclass(frozen=True)
class Backend:
    """A trainer behind the contract: how to start it, and the folder of a model that it trains in seconds."""

    start_process: Callable[[list[str], Path], BaseProcess]
    base_model: Path

    def start(self, config: dict[str, Any], workdir: Path) -> Trial:
        workdir.mkdir(parents=True, exist_ok=True)
        path = workdir / "run.json"
        path.write_text(json.dumps(config), encoding="utf-8")
        stderr = workdir / "stderr.txt"
        arguments = ["train", "--config", str(path), "--workdir", str(workdir)]
        return Trial(self.start_process(arguments, stderr), workdir, stderr)


def manifest(checkpoint: Path) -> dict[str, Any]:
    tree: dict[str, Any] = json.loads((checkpoint / "manifest.json").read_text(encoding="utf-8"))
    return tree


def is_whole(checkpoint: Path) -> bool:
    return all(
        (checkpoint / f["path"]).stat().st_size == f["bytes"] and sha256_of(checkpoint / f["path"]) == f["sha256"]
        for f in manifest(checkpoint)["files"]
    )


def weights(checkpoint: Path) -> dict[str, str]:
    """The hashes of what was trained: two runs with the same ones ended bit-equal."""
    return {f["path"]: f["sha256"] for f in manifest(checkpoint)["files"] if f["path"].endswith(".safetensors")}
