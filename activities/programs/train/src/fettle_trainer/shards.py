"""The training rows: all of them in memory, or in shards of which a window is."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import sleep

from fettle_contract import BadData, Events

from fettle_trainer.encoding import Encoder, Example
from fettle_trainer.order import Order
from fettle_trainer.rows import read_rows

AHEAD = 2
LOOK_SECONDS = 0.05
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Shard:
    name: str
    rows: int


def read_index(path: Path) -> list[Shard]:
    """`{"shards": [{"name", "rows"}, ...]}`, in the order of the rows' numbers."""
    try:
        listed = json.loads(path.read_text(encoding="utf-8"))["shards"]
        shards = [Shard(each["name"], each["rows"]) for each in listed]
    except (ValueError, KeyError, TypeError) as e:
        raise BadData(f"{path.name} is no index of shards ({e!r})") from e
    named = all(isinstance(s.name, str) and "/" not in s.name and not s.name.startswith(".") for s in shards)
    if not shards or not named or not all(isinstance(s.rows, int) and s.rows > 0 for s in shards):
        raise BadData(f"{path.name} is no index of shards; each needs a file's name and how many rows it has")
    return shards


class TrainingRows:
    """Rows in shards beside their index; or, streamed, in a folder that somebody fills with what `wanted.json` names.

    `wanted.json` holds the shards of the step's window and of the next ones, in the order in which they are needed.
    What it no longer names may go. Rows of one file are one shard, encoded when the trainer starts.
    """

    def __init__(self, encoder: Encoder, path: Path, streamed: Path | None) -> None:
        self._encoder, self._folder = encoder, streamed or path.parent
        self._wanted = streamed / "wanted.json" if streamed else None
        self._loaded: dict[int, list[Example]] = {}
        self._asked: list[int] = []
        if path.suffix == ".json":
            self._shards = read_index(path)
        else:
            self._loaded[0] = examples(encoder, path)
            self._shards = [Shard(path.name, len(self._loaded[0]))]
        self.shards = [shard.rows for shard in self._shards]
        if streamed:
            streamed.mkdir(parents=True, exist_ok=True)

    def __len__(self) -> int:
        return sum(self.shards)

    def ready(self, order: Order, step: int, events: Events, stopped: Callable[[], bool]) -> bool:
        """Waits for the step's rows, in a phase of its own; false where it was asked to stop first."""
        needed = {order.shard_of(row)[0] for row in order.rows_of(step)}
        self._want(_near(order, step, needed))
        for shard in needed - self._loaded.keys():
            path = self._folder / self._shards[shard].name
            if self._wanted and not _came(path, events, stopped):
                return False
            self._loaded[shard] = self._load(shard, path)
        return True

    def of(self, order: Order, step: int) -> list[Example]:
        places = [order.shard_of(row) for row in order.rows_of(step)]
        return [self._loaded[shard][place] for shard, place in places]

    def _want(self, shards: list[int]) -> None:
        if shards == self._asked:
            return
        self._asked = shards
        self._loaded = {shard: rows for shard, rows in self._loaded.items() if shard in shards}
        if self._wanted:
            draft = self._wanted.with_suffix(".part")
            names = [self._shards[shard].name for shard in dict.fromkeys(shards)]
            draft.write_text(json.dumps({"shards": names}), encoding="utf-8")
            draft.replace(self._wanted)

    def _load(self, shard: int, path: Path) -> list[Example]:
        rows = examples(self._encoder, path)
        if len(rows) != self.shards[shard]:
            raise BadData(f"{path.name} has {len(rows)} rows where its index says {self.shards[shard]}")
        return rows


def _came(path: Path, events: Events, stopped: Callable[[], bool]) -> bool:
    if path.is_file():
        return True
    with events.during("rows"):  # not a step's silence: whoever brings them may be cut off for hours
        while not path.is_file():
            if stopped():
                return False
            sleep(LOOK_SECONDS)
    return True


def _near(order: Order, step: int, needed: set[int]) -> list[int]:
    """The shards of the step's windows, and of as many more as are worth having early."""
    near: list[int] = []
    for count, window in enumerate(order.windows(step), start=1):
        near += window
        if count >= AHEAD and needed <= set(near):
            break
    return near


def examples(encoder: Encoder, path: Path) -> list[Example]:
    """Every row of the file or none: prepare dropped and counted what cannot be used, so nothing is dropped here."""
    encoded = [encoder.encode(row) for row in read_rows(path)]
    if not encoded:
        raise BadData(f"{path.name} has no rows")
    _refuse_unusable(path.name, encoded)
    return encoded


def _refuse_unusable(name: str, encoded: Sequence[Example]) -> None:
    bad = [f"{e.id} {e.error}" for e in encoded if e.error]
    bad += [f"{e.id} ends without an end-of-turn token" for e in encoded if not e.error and not e.ends_with_eot]
    if bad:
        more = f" and {len(bad) - SHOWN} more" if len(bad) > SHOWN else ""
        raise BadData(f"{name} has {len(bad)} unusable of {len(encoded)} rows: {', '.join(bad[:SHOWN])}{more}")
