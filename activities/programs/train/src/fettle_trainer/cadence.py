"""When to write a checkpoint. The interval never changes the result, only how much an interruption costs."""

import json
from collections.abc import Callable
from pathlib import Path
from time import monotonic

from fettle_trainer.config import CheckpointCadence


class Cadence:
    """Counts steps and seconds since the last checkpoint. The agent may move the seconds through `interval_file`."""

    def __init__(
        self, limits: CheckpointCadence, interval_file: Path | None, step: int, now: Callable[[], float] = monotonic
    ) -> None:
        self._limits, self._file, self._now = limits, interval_file, now
        self._every_seconds = limits.every_seconds
        self._read_at: int | None = None
        self.saved(step)

    def saved(self, step: int) -> None:
        self.step, self._at = step, self._now()

    def due(self, step: int) -> bool:
        seconds = self._now() - self._at
        if step == self.step or seconds < self._limits.min_seconds:
            return False
        return step - self.step >= self._limits.every_steps or seconds >= self._interval()

    def _interval(self) -> float:
        """The file is written by another process: what cannot be read leaves the last interval standing."""
        try:
            if self._file and (changed := self._file.stat().st_mtime_ns) != self._read_at:
                self._every_seconds = float(json.loads(self._file.read_text(encoding="utf-8"))["every_seconds"])
                self._read_at = changed
        except (OSError, ValueError, KeyError, TypeError):
            pass
        return self._every_seconds
