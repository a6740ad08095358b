"""The command line that all programs share: `python -m MODULE VERB --config FILE.json --workdir DIR`."""

import argparse
import sys
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fettle_contract.codes import BAD_CONFIG, CRASHED, BadConfig, Failure, OutOfMemory
from fettle_contract.config import load_config
from fettle_contract.events import Events
from fettle_contract.files import write_json


@dataclass(frozen=True, slots=True)
class Workdir:
    """Where a program writes: its events, its result, and whatever its verb says."""

    path: Path
    events: Events

    def result(self, value: Mapping[str, Any]) -> None:
        write_json(self.path / "result.json", value)


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb's configuration and its body, which returns the exit code. The body imports what is heavy."""

    config: type[Any]
    body: Callable[[Any, Workdir], int]


def run(program: str, verbs: Mapping[str, Verb], arguments: list[str] | None = None) -> int:
    """Parses, loads, runs, and turns every failure into an exit code, an `error` event and a last line on stderr."""
    parser = argparse.ArgumentParser(prog=program)
    parser.add_argument("verb", choices=list(verbs))
    parser.add_argument("--config", type=Path, required=True, help="one JSON file")
    parser.add_argument("--workdir", type=Path, required=True, help="events.jsonl, result.json and outputs go here")
    chosen = parser.parse_args(arguments)
    chosen.workdir.mkdir(parents=True, exist_ok=True)
    workdir = Workdir(chosen.workdir, Events(chosen.workdir / "events.jsonl"))
    verb = verbs[chosen.verb]
    try:
        return verb.body(load_config(chosen.config, verb.config), workdir)
    except BadConfig as e:
        return _refuse(workdir, BAD_CONFIG, f"{chosen.config.name}: {e}", problems=list(e.problems))
    except Failure as e:
        return _refuse(workdir, e.code, str(e))
    except Exception as e:
        traceback.print_exc()
        if _is_out_of_memory(e):
            return _refuse(workdir, OutOfMemory.code, f"out of memory: {_raised(e)}")
        return _refuse(workdir, CRASHED, _raised(e))


def _refuse(workdir: Workdir, code: int, reason: str, **more: Any) -> int:
    workdir.events.emit("error", code=code, reason=reason, **more)
    print(reason, file=sys.stderr, flush=True)
    return code


def _is_out_of_memory(error: BaseException) -> bool:
    """CUDA raises a class of its own; torch's CPU allocator a RuntimeError that only its text tells apart."""
    text = str(error)
    return (
        isinstance(error, MemoryError)
        or type(error).__name__ == "OutOfMemoryError"
        or "DefaultCPUAllocator" in text
        or "not enough memory" in text
        or "Cannot allocate memory" in text
    )


def _raised(error: BaseException) -> str:
    """Class and place. The message stays in the log: it may quote a row, and a reason enters the history."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"
