"""Verb `merge`: adapter into base, tensor by tensor in fp32, cast last, verified before it is put in place."""

import json
import shutil
from pathlib import Path
from typing import Any

from fettle_contract import BadConfig, BadData, tree_of
from fettle_contract.folders import TOKENIZER_FILES, check_model, published, read_json

from fettle_artifact.adapter import load_adapter
from fettle_artifact.base import weights_of
from fettle_artifact.merged import DTYPES, Merge, MergeConfig
from fettle_artifact.nf4 import nf4_weights
from fettle_artifact.sources import Progress
from fettle_artifact.verify import verify


def merge(config: MergeConfig, progress: Progress) -> dict[str, Any]:
    """Writes the merged model and verifies it. Repeating is safe. Returns the result record of the verb."""
    base = check_model(config.base_model)
    if "quantization_config" in base:
        raise BadConfig(f"base_model {config.base_model} is quantized; merge needs the 16-bit model it was made from")
    pairs = load_adapter(config.adapter, _shapes(config.base_model))
    nf4 = nf4_weights(config.base_model) if config.base_precision == "dequantized_nf4" else frozenset[str]()
    merged = Merge(config.base_model, pairs, nf4)
    with published(config.out) as folder:
        _write(merged, folder, config.dtype, progress)
        _copy_companions(config, base, folder)
        check_model(folder)
        report = verify(config, merged, folder, progress)
    progress("hash", 0, 1, "model")
    weights = weights_of(config.out)
    return {
        **report,
        "tensors_merged": len(pairs),
        "base_precision": config.base_precision,
        "parameters": weights.parameters,
        "dtype": weights.dtype,
        "files": tree_of(config.out),
    }


def _shapes(folder: Path) -> dict[str, tuple[int, ...]]:
    from safetensors import safe_open

    shapes: dict[str, tuple[int, ...]] = {}
    for file in folder.glob("*.safetensors"):
        with safe_open(file, framework="numpy") as tensors:
            shapes |= {name: tuple(tensors.get_slice(name).get_shape()) for name in tensors.keys()}  # noqa: SIM118
    return shapes


def _write(merged: Merge, folder: Path, dtype: str, progress: Progress) -> None:
    """The base's own layout of files, each written once all its tensors are cast."""
    import torch
    from safetensors.torch import save_file

    target = getattr(torch, DTYPES[dtype])
    files, total = merged.files(), 0
    for done, file in enumerate(files):
        progress("merge", done, len(files), "file")
        cast: dict[str, torch.Tensor] = {}
        for name, tensor in merged.tensors(file):
            cast[name] = tensor.to(target).contiguous() if tensor.is_floating_point() else tensor
            if tensor.is_floating_point() and not torch.isfinite(cast[name]).all():
                raise BadData(f"{name} does not fit into {dtype}: it has NaN or infinity once merged; use bf16")
            total += cast[name].nbytes
        save_file(cast, folder / file.name, metadata={"format": "pt"})
    index = merged.base / "model.safetensors.index.json"
    if index.is_file():
        content = read_json(index)
        content["metadata"] = {**content.get("metadata", {}), "total_size": total}
        (folder / index.name).write_text(json.dumps(content, indent=2), "utf-8")


def _copy_companions(config: MergeConfig, base: dict[str, Any], folder: Path) -> None:
    """Config from the base; tokenizer, template and generation defaults from the adapter where it brings its own."""
    base = {key: value for key, value in base.items() if key != "torch_dtype"} | {"dtype": DTYPES[config.dtype]}
    (folder / "config.json").write_text(json.dumps(base, indent=2, sort_keys=True) + "\n", "utf-8")
    own_tokenizer = (config.adapter / "tokenizer.json").is_file()
    tokenizer = config.adapter if own_tokenizer else config.base_model
    for name in TOKENIZER_FILES:
        # A template alone may be the adapter's: training can set one without a tokenizer of its own.
        sources = [config.adapter / name, tokenizer / name] if name == "chat_template.jinja" else [tokenizer / name]
        _copy_first(sources, folder)
    _copy_first([config.adapter / "generation_config.json", config.base_model / "generation_config.json"], folder)
    for text in config.base_model.glob("LICENSE*"):
        shutil.copyfile(text, folder / text.name)


def _copy_first(sources: list[Path], folder: Path) -> None:
    found = next((source for source in sources if source.is_file()), None)
    if found is not None:
        shutil.copyfile(found, folder / found.name)
