"""Verb `quantize`: a compressed-tensors folder that vLLM serves, reloaded and measured before it is put in place."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fettle_contract import BadConfig, tree_of
from fettle_contract.folders import MODEL_FILES, TOKENIZER_FILES, check_model, published

from fettle_quantize.config import Dtype, QuantizeConfig
from fettle_quantize.measure import Answers, compare
from fettle_quantize.recipes import IGNORED, can_smooth, group_size_for, recipe
from fettle_quantize.rows import Split, split_rows

if TYPE_CHECKING:
    from transformers import PreTrainedModel

Progress = Callable[[str, int, int, str], None]


def quantize(config: QuantizeConfig, progress: Progress) -> dict[str, Any]:
    """Repeating is safe; on one machine the same config gives the same bytes. Returns the result record of the verb."""
    import torch
    from transformers import AutoTokenizer

    parent_config = check_model(config.model)
    if "quantization_config" in parent_config:
        raise BadConfig(f"model {config.model} is already quantized; give the merged 16-bit model")
    progress("load", 0, 1, "model")
    model = load(config.model)
    stored = model.dtype
    if config.dtype:
        model.to(dtype=getattr(torch, config.dtype))
    tokenizer = AutoTokenizer.from_pretrained(config.model, local_files_only=True, trust_remote_code=False)
    rows = split_rows(config, tokenizer, model.config.vocab_size)
    progress("measure", 0, 2, "model")
    before = Answers.of(model, rows.held)
    group_size = group_size_for(config.scheme, _widths(model))
    smooth = config.scheme == "w8a8" and bool(rows.calibration) and can_smooth(type(model).__name__)
    with published(config.out) as folder:
        if config.scheme == "none":
            _copy(config.model, folder, MODEL_FILES)
        else:
            progress("quantize", 0, 1, "model")
            _compress(config, recipe(config.scheme, group_size, smooth=smooth), model, rows)
            model.to(dtype=stored).save_pretrained(folder, save_compressed=True)
            _copy(config.model, folder, (*TOKENIZER_FILES, "generation_config.json", "LICENSE*"))
        del model
        check_model(folder)
        progress("measure", 1, 2, "model")
        verified = compare(before, Answers.of(load(folder, config.dtype), rows.held), rows)
    return {
        "scheme": config.scheme,
        "group_size": group_size,
        "bytes_before": _weight_bytes(config.model),
        "bytes_after": _weight_bytes(config.out),
        "ignored": list(IGNORED) if config.scheme != "none" else [],
        "calibration_rows": len(rows.calibration) if smooth or config.scheme == "w4a16" else 0,
        "smoothed": smooth,
        "verify": verified,
        "files": tree_of(config.out),
    }


def load(folder: Path, dtype: Dtype | None = None) -> "PreTrainedModel":
    """In the dtype of its weights if not told; a quantized folder computes as an engine would, rounding activations."""
    from transformers import AutoModelForCausalLM

    return AutoModelForCausalLM.from_pretrained(
        folder, dtype=dtype or "auto", local_files_only=True, trust_remote_code=False
    )


def _compress(config: QuantizeConfig, modifiers: list[Any], model: "PreTrainedModel", rows: Split) -> None:
    from datasets import Dataset
    from llmcompressor import oneshot

    if len(modifiers) == 1 and config.scheme != "w4a16":
        oneshot(model=model, recipe=modifiers)
        return
    columns = {"input_ids": rows.calibration, "attention_mask": [[1] * len(row) for row in rows.calibration]}
    oneshot(
        model=model,
        recipe=modifiers,
        dataset=Dataset.from_dict(columns),
        num_calibration_samples=len(rows.calibration),
        max_seq_length=config.max_length,
        shuffle_calibration_samples=False,  # split_rows has shuffled, from our seed
        # Smoothing watches whole forward passes; layer by layer it takes ten times as long and finds the same.
        pipeline="sequential" if config.scheme == "w4a16" else "basic",
    )


def _widths(model: "PreTrainedModel") -> set[int]:
    """Input widths of the layers that are quantized."""
    from torch.nn import Linear

    return {m.in_features for n, m in model.named_modules() if isinstance(m, Linear) and n not in IGNORED}


def _weight_bytes(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.glob("*.safetensors"))


def _copy(source: Path, folder: Path, patterns: tuple[str, ...]) -> None:
    for file in (f for pattern in patterns for f in source.glob(pattern)):
        shutil.copyfile(file, folder / file.name)
