"""Rows as the model sees them: in its own chat template, split into those that calibrate and those that measure."""

import json
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fettle_contract import BadData

from fettle_quantize.config import QuantizeConfig

HELD = 16  # rows that measure; enough to see a broken model, the gate judges the rest


@dataclass(frozen=True, slots=True)
class Split:
    """Token ids by row. `text` is false where the held rows are random tokens."""

    calibration: list[list[int]]
    held: list[list[int]]
    text: bool


def split_rows(config: QuantizeConfig, tokenizer: Any, vocabulary: int) -> Split:
    """A function of the rows and the seed alone. A quarter of few rows is held, at least one."""
    order = random.Random(config.seed)
    if config.calibration_rows is None:
        length = min(64, config.max_length)
        return Split([], [[order.randrange(vocabulary) for _ in range(length)] for _ in range(4)], text=False)
    rows = _tokens(config.calibration_rows, tokenizer, config.max_length)
    order.shuffle(rows)
    held = max(1, min(HELD, len(rows) // 4))
    return Split(rows[held : held + config.samples], rows[:held], text=True)


def _tokens(file: Path, tokenizer: Any, max_length: int) -> list[list[int]]:
    rows: list[list[int]] = []
    try:
        lines = file.read_text("utf-8").removesuffix("\n").split("\n")  # a row may hold other ends of lines
    except (OSError, UnicodeDecodeError) as e:
        raise BadData(f"{file} is not readable as text ({e})") from e
    for number, line in enumerate(lines, start=1):
        try:
            row = json.loads(line)
            # The template writes every special token itself.
            ids = tokenizer.apply_chat_template(
                row["messages"], tools=row.get("tools"), tokenize=True, return_dict=False
            )
        except (AttributeError, ValueError, KeyError, TypeError) as e:
            raise BadData(f"{file} line {number} is no row with messages ({e})") from e
        rows.append(list(ids)[:max_length])
    rows = [row for row in rows if len(row) > 1]
    if len(rows) < 2:
        raise BadData(f"{file} has {len(rows)} usable rows; at least 2, one to calibrate and one to measure")
    return rows
