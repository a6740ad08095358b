"""Verb `base`: a base model as a folder of safetensors, tokenizer and chat template, listed with its hashes."""

import hashlib
from collections import Counter
from dataclasses import asdict, dataclass
from math import prod
from pathlib import Path
from typing import Any

from fettle_contract import BadConfig, tree_of
from fettle_contract.folders import check_model, published, read_json

from fettle_artifact.sources import Progress, Source


@dataclass(frozen=True, slots=True)
class Weights:
    """What the safetensors headers say; no weight is read."""

    parameters: int
    dtype: str


def make_base(source: Source, out: Path, progress: Progress) -> dict[str, Any]:
    """Fills, checks and puts the folder in place. Repeating is safe; the same source gives the same bytes.

    Only a hub source uses the network. Returns the result record of the verb.
    """
    with published(out) as folder:
        origin = source.fill(folder, progress)
        config = check_model(folder)
        if "quantization_config" in config:
            raise BadConfig(f"{origin.name} is already quantized; give the 16-bit model that it was made from")
        weights = weights_of(folder)
        template = chat_template_of(folder)
    progress("hash", 0, 1, "model")
    return {
        "source": {k: v for k, v in asdict(origin).items() if k != "licence"},
        "license": origin.licence,
        "architecture": (config.get("architectures") or [None])[0],
        "parameters": weights.parameters,
        "dtype": weights.dtype,
        "chat_template_sha256": hashlib.sha256(template.encode()).hexdigest() if template else None,
        "files": tree_of(out),
    }


def weights_of(folder: Path) -> Weights:
    """Counts parameters; the dtype is that of most of them."""
    from safetensors import safe_open

    counts: Counter[str] = Counter()
    for file in sorted(folder.glob("*.safetensors")):
        with safe_open(file, framework="numpy") as tensors:
            for name in tensors.keys():  # noqa: SIM118 - no mapping, it only has keys()
                header = tensors.get_slice(name)
                counts[header.get_dtype()] += prod(header.get_shape())
    names = {"BF16": "bf16", "F16": "fp16", "F32": "fp32"}
    dtype = counts.most_common(1)[0][0]
    return Weights(counts.total(), names.get(dtype, dtype.lower()))


def chat_template_of(folder: Path) -> str | None:
    """The template that the tokenizer of this folder would use, from its own file or from the tokenizer's config."""
    own = folder / "chat_template.jinja"
    if own.is_file():
        return own.read_text("utf-8")
    config = folder / "tokenizer_config.json"
    inline = read_json(config).get("chat_template") if config.is_file() else None
    return inline if isinstance(inline, str) else None
