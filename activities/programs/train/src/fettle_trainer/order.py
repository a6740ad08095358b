"""Which rows each optimizer step sees: a pure function of the seed, so that a resumed run needs only its step."""

import random
from functools import lru_cache


class Order:
    """Visits the rows epoch after epoch, each epoch shuffled by (seed, epoch); a step takes the next `batch` visits.

    A batch may cross from one epoch into the next, so every step has the same weight. Only the last may be short: it
    ends with the last epoch, where `max_steps` is exactly what the epochs need.
    """

    def __init__(self, rows: int, batch: int, seed: int, epochs: float, max_steps: int) -> None:
        self.rows, self.batch, self.seed = rows, batch, seed
        whole = round(rows * epochs)
        self.visits = whole if -(-whole // batch) == max_steps else max_steps * batch
        self._shuffled = lru_cache(maxsize=2)(self._shuffle)

    def rows_of(self, step: int) -> list[int]:
        """The rows of the step that brings the count from `step` to `step + 1`."""
        return [self._row(v) for v in range(step * self.batch, min((step + 1) * self.batch, self.visits))]

    def epoch(self, step: int) -> float:
        """How many passes over the rows are done after `step` steps."""
        return min(step * self.batch, self.visits) / self.rows

    def _row(self, visit: int) -> int:
        epoch, position = divmod(visit, self.rows)
        return self._shuffled(epoch)[position]

    def _shuffle(self, epoch: int) -> list[int]:
        order = list(range(self.rows))
        random.Random(f"{self.seed}/{epoch}").shuffle(order)
        return order
