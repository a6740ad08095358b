"""A verb run by a test in its own process, as the command line would run it; heavy imports are paid once."""

import contextlib
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Ended:
    """How a verb ended: its exit code, its result (empty where there is none), the last line on stderr."""

    code: int
    result: dict[str, Any]
    reason: str


def end_of(main: Callable[[list[str]], int], verb: str, config: Mapping[str, Any], folder: Path) -> Ended:
    file, workdir = folder / "config.json", folder / "work"
    file.write_text(json.dumps(config, default=str), encoding="utf-8")
    (workdir / "result.json").unlink(missing_ok=True)
    with contextlib.redirect_stderr(io.StringIO()) as stderr:
        code = main([verb, "--config", str(file), "--workdir", str(workdir)])
    lines = stderr.getvalue().strip().splitlines()
    result = workdir / "result.json"
    return Ended(code, json.loads(result.read_text("utf-8")) if result.exists() else {}, lines[-1] if lines else "")
