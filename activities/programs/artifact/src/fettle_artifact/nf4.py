"""The 4-bit base that a QLoRA adapter was trained on, as plain numbers."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor


def nf4_weights(folder: Path) -> frozenset[str]:
    """The tensors that 4-bit loading quantises: every linear layer but the output head."""
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM

    with torch.device("meta"):
        model = AutoModelForCausalLM.from_config(AutoConfig.from_pretrained(folder))
    head = model.get_output_embeddings()
    linears = (n for n, m in model.named_modules() if isinstance(m, torch.nn.Linear) and m is not head)
    return frozenset(f"{name}.weight" for name in linears)


def through_nf4(weight: "Tensor") -> "Tensor":
    """The weight after NF4 with double quantization, as bitsandbytes would multiply with it in bf16. Same dtype."""
    from bitsandbytes.functional import dequantize_4bit, quantize_4bit

    packed, state = quantize_4bit(weight, quant_type="nf4", compress_statistics=True)
    return dequantize_4bit(packed, state)
