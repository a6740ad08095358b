"""A quantised GGUF file to an ordinary 16-bit model folder."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

Progress = Callable[[str, int, int, str], None]


def dequantise(gguf: Path, folder: Path, progress: Progress) -> None:
    """Writes bf16 safetensors, config, generation config, tokenizer and chat template. Deterministic."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # stderr is prose
    progress("dequantise", 0, 2, "part")
    model = AutoModelForCausalLM.from_pretrained(
        gguf.parent,
        gguf_file=gguf.name,
        dtype=torch.float32,
        # Without this the weights stay in GGUF blocks, which generate but cannot be saved.
        quantization_config=GgufConfig(dequantize=True),
    )
    model = model.to(torch.bfloat16)
    model.save_pretrained(folder)

    progress("dequantise", 1, 2, "part")
    tokenizer = AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name)
    tokenizer.model_max_length = model.config.max_position_embeddings
    _restore_pre_tokenizer(tokenizer, gguf)
    tokenizer.save_pretrained(folder)


def _restore_pre_tokenizer(tokenizer: Any, gguf: Path) -> None:
    """GGUF only names its pre-tokenizer and the converter ignores the name.

    Unrestored, spaces before a digit would get other tokens than those that the model was trained on.
    """
    from gguf import GGUFReader
    from tokenizers import pre_tokenizers

    field = GGUFReader(gguf).fields.get("tokenizer.ggml.pre")
    if field is None or field.contents() != "smollm":
        return
    tokenizer.backend_tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False, trim_offsets=True, use_regex=True),
        ]
    )
