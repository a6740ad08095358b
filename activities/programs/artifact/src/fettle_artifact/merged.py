"""The sum of a base and an adapter, computed tensor by tensor and anew on each pass."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from fettle_artifact.adapter import Pair
from fettle_artifact.nf4 import through_nf4

if TYPE_CHECKING:
    from torch import Tensor

DTYPES = {"bf16": "bfloat16", "fp16": "float16", "fp32": "float32"}


@dataclass(frozen=True, slots=True)
class MergeConfig:
    """One merge. `out` is replaced whole.

    `base_precision` is what the update is added to: the source's 16-bit weights, or those weights after NF4.
    `trained_on` says which base the adapter saw; for nf4 the distance to it is measured. `tolerance` bounds the fp32
    logits of merged against adapter. Without `probe_rows` fixed random tokens are the probe.
    """

    base_model: Path
    adapter: Path
    out: Path
    dtype: Literal["bf16", "fp16", "fp32"] = "bf16"
    base_precision: Literal["source", "dequantized_nf4"] = "source"
    trained_on: Literal["source", "nf4"] = "source"
    tolerance: float = 1e-3
    probe_rows: Path | None = None


@dataclass(frozen=True, slots=True)
class Merge:
    """Holds the adapter only: no model need fit in memory."""

    base: Path
    pairs: dict[str, Pair]
    nf4: frozenset[str]

    def files(self) -> list[Path]:
        return sorted(self.base.glob("*.safetensors"))

    def tensors(self, file: Path) -> Iterator[tuple[str, "Tensor"]]:
        """One base file's tensors with the adapter in them: fp32 (integers stay what they are)."""
        from safetensors import safe_open

        with safe_open(file, framework="pt") as source:
            for name in source.keys():  # noqa: SIM118 - no mapping, it only has keys()
                yield name, self._merged(name, source.get_tensor(name))

    def _merged(self, name: str, weight: "Tensor") -> "Tensor":
        if not weight.is_floating_point():
            return weight
        if name in self.nf4:
            weight = through_nf4(weight)
        weight = weight.float()
        pair = self.pairs.get(name)
        return weight if pair is None else weight + pair.delta()
