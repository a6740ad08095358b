"""What one quantization is told."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from fettle_contract import bounded

Scheme = Literal["none", "w8a8", "w4a16", "fp8_dynamic"]
Dtype = Literal["bfloat16", "float16", "float32"]


@dataclass(frozen=True, slots=True)
class QuantizeConfig:
    """`out` is replaced whole. Lengths are tokens.

    `calibration_rows` are rows in the trainer's form, from training data: those that `samples` leaves over measure the
    result. w4a16 cannot do without; w8a8 is less exact without, and the measure is taken on fixed random tokens.
    `dtype` is what the model computes in here, as it will where it serves; null is that of its weights. What is written
    keeps the weights' own.
    """

    model: Path
    out: Path
    scheme: Scheme
    dtype: Dtype | None = None
    calibration_rows: Path | None = None
    samples: int = bounded(default=16, least=1, most=2048)
    max_length: int = bounded(default=256, least=8)
    seed: int = 0

    def problems(self) -> list[str]:
        if self.scheme == "w4a16" and self.calibration_rows is None:
            return ["calibration_rows is null; scheme w4a16 needs rows of the training data to place its rounding"]
        return []
