"""What models are compared on: a few rows in the model's own chat template, or fixed random tokens."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

from fettle_contract import BadData

if TYPE_CHECKING:
    from torch import Tensor

ROWS, LENGTH = 8, 96


def probes(model: Path, rows: Path | None) -> list["Tensor"]:
    """At most 8 probes of at most 96 tokens, each int64[1, length]; deterministic."""
    import torch
    from transformers import AutoConfig, AutoTokenizer

    if rows is None:
        vocabulary = AutoConfig.from_pretrained(model).vocab_size
        generator = torch.Generator().manual_seed(0)
        return [torch.randint(vocabulary, (1, LENGTH), generator=generator) for _ in range(ROWS // 2)]
    tokenizer = AutoTokenizer.from_pretrained(model, local_files_only=True, trust_remote_code=False)
    found = []
    for number, line in enumerate(rows.read_text("utf-8").split("\n")[:ROWS], start=1):
        if not line:
            continue
        try:
            row = json.loads(line)
            tokens = tokenizer.apply_chat_template(
                row["messages"], tools=row.get("tools"), tokenize=True, return_dict=False
            )
        except (AttributeError, ValueError, KeyError, TypeError) as e:
            raise BadData(f"{rows} line {number} is no row with messages: {e}") from e
        found.append(torch.tensor([tokens[:LENGTH]]))
    if not found:
        raise BadData(f"{rows} has no rows to compare models on")
    return found
