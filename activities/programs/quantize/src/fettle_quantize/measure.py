"""What quantization changed: loss, and how often the most likely next token is still the same."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from fettle_contract import Failure

from fettle_quantize.rows import Split

if TYPE_CHECKING:
    from torch import Tensor


class Broken(Failure):
    """The quantized model computes NaN or infinity; nothing was put in place."""


@dataclass(frozen=True, slots=True)
class Answers:
    """A model's predictions on the held rows."""

    loss_nats: float
    top: list["Tensor"]  # int64[length] a row

    @classmethod
    def of(cls, model: Any, rows: list[list[int]]) -> Self:
        """Row by row: no padding, and one row's logits in memory."""
        import torch
        from torch.nn.functional import cross_entropy

        total, count, top = 0.0, 0, []
        model.eval()
        with torch.inference_mode():
            for row in rows:
                tokens = torch.tensor([row])
                logits = model(input_ids=tokens, use_cache=False).logits[0].float()
                total += cross_entropy(logits[:-1], tokens[0, 1:], reduction="sum").item()
                count += len(row) - 1
                top.append(logits.argmax(-1))
        return cls(total / count, top)


def compare(before: Answers, after: Answers, rows: Split) -> dict[str, Any]:
    """Perplexity is null on random tokens, where it means nothing."""
    if not math.isfinite(after.loss_nats):
        raise Broken("the quantized model computes NaN or infinity; nothing was written: take another scheme")
    pairs = list(zip(before.top, after.top, strict=True))
    same = sum(int((left == right).sum()) for left, right in pairs)
    return {
        "rows": len(rows.held),
        "tokens": sum(map(len, rows.held)),
        "perplexity_before": math.exp(before.loss_nats) if rows.text else None,
        "perplexity_after": math.exp(after.loss_nats) if rows.text else None,
        "top1_agreement": same / sum(len(left) for left, _ in pairs),
    }
