"""The stream of facts a program tells its agent: one JSON object a line, never parsed from prose."""

import json
import math
import threading
import time
from collections.abc import Iterator, Mapping
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
        data = _line(event, fields)
        with self._lock:
            self._file.write(data)

    def progress(self, phase: str, done: int, total: int | None, unit: str) -> None:
        self.emit("progress", phase=phase, done=done, total=total, unit=unit)

    @property
    def phase(self) -> str:
        return self._phase

    @contextmanager
    def during(self, phase: str) -> Iterator[None]:
        """The phase until the block ends."""
        before = self._phase
        self.enter(phase)
        try:
            yield
        finally:
            self._phase = before
        self.enter(before)

    def enter(self, phase: str) -> None:
        """Says so at once: who falls silent from here on is silent in this phase, which has a limit of its own."""
        with self._lock:  # or a beat that looked before would tell of the old phase after it
            self._phase = phase
            self._file.write(_line("alive", {"phase": phase}))

    def beat(self, seconds: float = 5.0) -> None:
        """Emits `alive` from a daemon thread: the process lives, and in which phase it is."""

        def beats() -> None:
            while True:
                with self._lock:
                    self._file.write(_line("alive", {"phase": self._phase}))
                time.sleep(seconds)

        threading.Thread(target=beats, name="alive", daemon=True).start()


def _line(event: str, fields: Mapping[str, Any]) -> bytes:
    line = {"event": event, "time": round(time.time(), 3), **{k: _finite(v) for k, v in fields.items()}}
    return json.dumps(line, ensure_ascii=False, allow_nan=False).encode() + b"\n"


def _finite(value: Any) -> Any:
    """JSON has no NaN and no infinity; their names keep the line readable by every parser."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value
