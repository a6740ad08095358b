"""`score`: how much each row's prompt helps the base model to its answer: nats a token with the prompt and without it.

A row whose answer belongs to another prompt is helped less than its peers are. That only shows among peers, so this
program says the two numbers and judges nothing.
"""

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from fettle_contract import FINISHED, Workdir

import fettle_trainer.offline  # noqa: F401  before any library that reads it
from fettle_trainer.config import ScoreConfig
from fettle_trainer.encoding import IGNORED, Encoder, Example
from fettle_trainer.rows import Row, read_rows

WINDOW = 256
"""Rows that are ordered by length together, so that a batch holds little padding."""


def score(config: ScoreConfig, workdir: Workdir) -> int:
    encoder = Encoder(config.model, config.max_length, config.chat_template)
    judge = _Judge(config)
    done = unusable = 0
    config.out.parent.mkdir(parents=True, exist_ok=True)
    with config.out.open("w", encoding="utf-8") as out:
        rows = read_rows(config.rows)
        while window := list(islice(rows, WINDOW)):
            said = _said(encoder, judge, window)
            out.writelines(json.dumps(each, ensure_ascii=False) + "\n" for each in said)
            unusable += sum("error" in each for each in said)
            done += len(window)
            workdir.events.progress("score", done, None, "rows")
    workdir.result({"rows": done, "unusable": unusable, "template_sha256": encoder.template_sha256})
    return FINISHED


def _said(encoder: Encoder, judge: "_Judge", window: Sequence[Row]) -> list[dict[str, Any]]:
    pairs = [encoder.answer_pair(row) for row in window]
    losses = iter(judge.losses([e for pair in pairs if not pair[0].error for e in pair]))
    return [
        {"id": example.id, "loss_with": None, "loss_without": None, "error": example.error}
        if example.error
        else {"id": example.id, "loss_with": next(losses), "loss_without": next(losses)}
        for example, _ in pairs
    ]


class _Judge:
    """The base model, without gradients; on a CPU the same rows give the same numbers, bit for bit."""

    def __init__(self, config: ScoreConfig) -> None:
        import torch
        from transformers import AutoModelForCausalLM

        self.torch = torch
        if config.threads:
            torch.set_num_threads(config.threads)
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        dtype = torch.bfloat16 if config.precision == "bf16" else torch.float32
        model = AutoModelForCausalLM.from_pretrained(config.model, dtype=dtype, local_files_only=True)
        self.model: Any = model.to(self.device).eval()
        self.batch_tokens = config.batch_tokens

    def losses(self, examples: Sequence[Example]) -> list[float]:
        """Nats per supervised token of each, in the order given."""
        found = [0.0] * len(examples)
        with self.torch.inference_mode():
            for places in self._batches(examples):
                for place, loss in zip(places, self._batch([examples[p] for p in places]), strict=True):
                    found[place] = loss
        return found

    def _batches(self, examples: Sequence[Example]) -> Iterator[list[int]]:
        """Places of examples of like length, so many that padding included `batch_tokens` are not exceeded."""
        batch: list[int] = []
        for place in sorted(range(len(examples)), key=lambda p: (-len(examples[p].input_ids), p)):
            if batch and len(examples[batch[0]].input_ids) * (len(batch) + 1) > self.batch_tokens:
                yield batch
                batch = []
            batch.append(place)
        if batch:
            yield batch

    def _batch(self, examples: Sequence[Example]) -> list[float]:
        """Padding stands on the right, where a causal model cannot see it."""
        torch = self.torch
        width = max(len(e.input_ids) for e in examples)
        ids = torch.tensor([e.input_ids + [0] * (width - len(e.input_ids)) for e in examples])
        labels = torch.tensor([e.labels + [IGNORED] * (width - len(e.labels)) for e in examples])[:, 1:]
        mask = torch.tensor([[1] * len(e.input_ids) + [0] * (width - len(e.input_ids)) for e in examples])
        ids, labels, mask = ids.to(self.device), labels.to(self.device), mask.to(self.device)
        hidden = self.model.get_decoder()(input_ids=ids, attention_mask=mask, use_cache=False).last_hidden_state
        counted = labels != IGNORED
        logits = self.model.get_output_embeddings()(hidden[:, :-1][counted]).float()  # [supervised, vocabulary]
        nats = torch.nn.functional.cross_entropy(logits, labels[counted], reduction="none")
        counts = counted.sum(dim=1).tolist()
        return [float(part.double().mean()) for part in nats.split(counts)]
