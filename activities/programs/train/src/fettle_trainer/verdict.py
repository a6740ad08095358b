"""What the losses say: which checkpoint is best, when to stop early, when the run is lost. Saved with a checkpoint."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from statistics import fmean, median
from typing import Any

from fettle_contract import Diverged

from fettle_trainer.config import EarlyStopping

WINDOW = 10
RUNNING = 3
NOISY = 5  # standard deviations of one loss; two medians of ten flat ones differ by 0.56
SIGMA = 1.4826  # median absolute deviation to standard deviation, for the normal distribution


@dataclass(slots=True)
class Verdict:
    """Losses are nats per supervised token."""

    best_loss: float | None = None
    best_step: int | None = None
    stale: int = 0
    evaluated_at: int | None = None
    rising: int = 0
    first: list[float] = field(default_factory=list)
    last: list[float] = field(default_factory=list)

    @staticmethod
    def of(saved: dict[str, Any]) -> "Verdict":
        return Verdict(**saved)

    def saved(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def train_loss(self) -> float | None:
        """The mean of the last ten steps' losses."""
        return fmean(self.last) if self.last else None

    def stepped(self, step: int, loss: float, grad_norm: float) -> None:
        for name, value in (("loss", loss), ("gradient norm", grad_norm)):
            if not math.isfinite(value):
                raise Diverged(f"diverged at step {step}: the {name} is {value}; try a lower learning_rate")
        if len(self.first) < WINDOW:
            self.first.append(loss)
        self.last = [*self.last, loss][-WINDOW:]

    def evaluated(self, step: int, dev_loss: float | None, stopping: EarlyStopping | None) -> bool:
        """Takes an evaluation's result in; true where this step is the best so far.

        `best_loss` moves only by more than `min_delta`: what early stopping waits for and what the run returns are
        then the same step.
        """
        self.evaluated_at = step
        self._watch(step)
        if dev_loss is None:
            return False
        if not math.isfinite(dev_loss):
            raise Diverged(f"diverged at step {step}: the dev loss is {dev_loss}; try a lower learning_rate")
        margin = stopping.min_delta if stopping else 0.0
        if self.best_loss is None or dev_loss < self.best_loss - margin:
            self.best_loss, self.best_step, self.stale = dev_loss, step, 0
            return True
        self.stale += 1
        return False

    def exhausted(self, stopping: EarlyStopping | None) -> bool:
        return stopping is not None and self.stale >= stopping.patience

    def _watch(self, step: int) -> None:
        """One spike is not divergence: only a median that stays above where training began, by more than noise, is."""
        self.rising = self.rising + 1 if _above(self.last, self.first) else 0
        if self.rising >= RUNNING:
            now, then = median(self.last), median(self.first)
            raise Diverged(
                f"diverged at step {step}: the median of the last {WINDOW} losses, {now:.3f}, has been far above that "
                f"of the first {WINDOW}, {then:.3f}, for {RUNNING} evaluations; try a lower learning_rate"
            )


def _above(last: Sequence[float], first: Sequence[float]) -> bool:
    """By more than the noise of the first: a flat loss, as under a long warm-up, is above it half of the time."""
    if len(first) < WINDOW:
        return False
    middle = median(first)
    noise = SIGMA * median(abs(loss - middle) for loss in first)
    return median(last) > middle + NOISY * noise
