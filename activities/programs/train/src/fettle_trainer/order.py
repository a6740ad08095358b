"""Which rows each optimizer step sees: a pure function of the seed, so that a resumed run needs only its step."""

import random
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate

WINDOW = 4


class Order:
    """Visits the rows epoch after epoch, each epoch shuffled by (seed, epoch); a step takes the next `batch` visits.

    A batch may cross from one epoch into the next, so every step has the same weight. Only the last may be short: it
    ends with the last epoch, where `max_steps` is exactly what the epochs need.

    Rows in several shards (`shards`: how many each has) are shuffled in windows: the shards by (seed, epoch), and the
    rows of each `window` shards in turn among themselves, by (seed, epoch, window). So a step needs the shards of one
    window, or of two where it crosses, wherever the rest of them is.
    """

    def __init__(
        self,
        rows: int,
        batch: int,
        seed: int,
        epochs: float,
        max_steps: int,
        shards: Sequence[int] = (),
        window: int = WINDOW,
    ) -> None:
        self.rows, self.batch, self.seed, self.window = rows, batch, seed, window
        self.shards = list(shards) or [rows]
        self.starts = [0, *accumulate(self.shards)]
        whole = round(rows * epochs)
        self.visits = whole if -(-whole // batch) == max_steps else max_steps * batch
        self._sequence = lru_cache(maxsize=2)(self._shuffled_shards)
        self._ends = lru_cache(maxsize=2)(self._window_ends)
        self._shuffled = lru_cache(maxsize=3)(self._shuffle)

    def rows_of(self, step: int) -> list[int]:
        """The rows of the step that brings the count from `step` to `step + 1`."""
        return [self._row(v) for v in range(step * self.batch, min((step + 1) * self.batch, self.visits))]

    def epoch(self, step: int) -> float:
        """How many passes over the rows are done after `step` steps."""
        return min(step * self.batch, self.visits) / self.rows

    def shard_of(self, row: int) -> tuple[int, int]:
        """The row's shard and its place in there."""
        shard = bisect_right(self.starts, row) - 1
        return shard, row - self.starts[shard]

    def windows(self, step: int) -> Iterator[list[int]]:
        """The shards of each window from the step's first row on, in the order in which they are needed."""
        visit = step * self.batch
        while visit < self.visits:
            epoch, position = divmod(visit, self.rows)
            ends = self._ends(epoch)
            index = bisect_right(ends, position)
            yield self._sequence(epoch)[index * self.window : (index + 1) * self.window]
            visit = epoch * self.rows + ends[index]

    def _row(self, visit: int) -> int:
        epoch, position = divmod(visit, self.rows)
        ends = self._ends(epoch)
        index = bisect_right(ends, position)
        return self._shuffled(epoch, index)[position - (ends[index - 1] if index else 0)]

    def _shuffled_shards(self, epoch: int) -> list[int]:
        order = list(range(len(self.shards)))
        if len(order) > 1:
            random.Random(f"{self.seed}/{epoch}/shards").shuffle(order)
        return order

    def _window_ends(self, epoch: int) -> list[int]:
        sequence = self._sequence(epoch)
        sizes = [
            sum(self.shards[s] for s in sequence[i : i + self.window]) for i in range(0, len(sequence), self.window)
        ]
        return list(accumulate(sizes))

    def _shuffle(self, epoch: int, index: int) -> list[int]:
        order = [
            row
            for shard in self._sequence(epoch)[index * self.window : (index + 1) * self.window]
            for row in range(self.starts[shard], self.starts[shard + 1])
        ]
        name = f"{self.seed}/{epoch}" if len(self.shards) == 1 else f"{self.seed}/{epoch}/{index}"
        random.Random(name).shuffle(order)
        return order
