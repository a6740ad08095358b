"""The stream of facts a program tells its agent: one JSON object a line, never parsed from prose."""

import json
import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


class Events:
    """Appends events to a file. Safe to share between threads.

    The file is opened for appending and written a whole line at a time, so a reader that tails it and a
    second attempt in the same directory both see complete lines only.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("ab", buffering=0)
        self._lock = threading.Lock()
        self._phase = "load"

    def emit(self, event: str, /, **fields: Any) -> None:
        line = {"event": event, "time": round(time.time(), 3), **{k: _finite(v) for k, v in fields.items()}}
        data = json.dumps(line, ensure_ascii=False, allow_nan=False).encode() + b"\n"
        with self._lock:
            self._file.write(data)

    def progress(self, phase: str, done: int, total: int | None, unit: str) -> None:
        self.emit("progress", phase=phase, done=done, total=total, unit=unit)

    @property
    def phase(self) -> str:
        return self._phase

    @contextmanager
    def during(self, phase: str) -> Iterator[None]:
        """Names the phase that the alive event reports until the block ends."""
        before, self._phase = self._phase, phase
        try:
            yield
        finally:
            self._phase = before

    def enter(self, phase: str) -> None:
        self._phase = phase

    def beat(self, seconds: float = 5.0) -> None:
        """Emits `alive` from a daemon thread: the process lives, and in which phase it is."""

        def beats() -> None:
            while True:
                self.emit("alive", phase=self._phase)
                time.sleep(seconds)

        threading.Thread(target=beats, name="alive", daemon=True).start()


def _finite(value: Any) -> Any:
    """JSON has no NaN and no infinity; their names keep the line readable by every parser."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value
