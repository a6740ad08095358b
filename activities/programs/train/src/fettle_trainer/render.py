"""`render`: what the trainer would see of each row, without a model: counts, the mask, the reason a row is unusable."""

import json
from typing import Any

from fettle_contract import FINISHED, Workdir, sha256_of

import fettle_trainer.offline  # noqa: F401  before any library that reads it
from fettle_trainer.config import RenderConfig
from fettle_trainer.encoding import Encoder
from fettle_trainer.rows import read_rows

SHOWN = 50  # whoever reads them picks those that are left at the end
EVERY = 500


def render(config: RenderConfig, workdir: Workdir) -> int:
    encoder = Encoder(config.model, config.max_length, config.chat_template)
    count = 0
    examples: list[dict[str, Any]] = []
    config.out.parent.mkdir(parents=True, exist_ok=True)
    with config.out.open("w", encoding="utf-8") as out:
        for count, row in enumerate(read_rows(config.rows), start=1):
            example = encoder.encode(row)
            seen = {
                "id": row.id,
                "tokens": len(example.input_ids),
                "supervised_tokens": example.supervised,
                "ends_with_eot": example.ends_with_eot,
                "error": example.error,
            }
            out.write(json.dumps(seen, ensure_ascii=False) + "\n")
            if len(examples) < SHOWN and not example.error:
                examples.append({**seen, "text": encoder.marked(example)})
            if count % EVERY == 0:
                workdir.events.progress("render", count, None, "rows")
    workdir.events.progress("render", count, count, "rows")
    workdir.result(
        {
            "rows": count,
            "template_sha256": encoder.template_sha256,
            "tokenizer_sha256": sha256_of(config.model / "tokenizer.json"),
            "examples": examples,
        }
    )
    return FINISHED
