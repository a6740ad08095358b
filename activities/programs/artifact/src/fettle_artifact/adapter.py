"""A LoRA adapter on disk: what may be merged, and the update that it makes to each weight."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fettle_contract import BadData
from fettle_contract.folders import read_json

if TYPE_CHECKING:
    from torch import Tensor

PREFIX = "base_model.model."

# Settings under which an adapter is more than plain LoRA, with the values that keep it plain. Merged all the same, the
# others would give another model without an error. (pissa, olora, loftq and corda also change the base.)
PLAIN: dict[str, tuple[Any, ...]] = {
    "bias": ("none", None),
    "init_lora_weights": (True, False, "gaussian", None),
    **dict.fromkeys(("use_dora", "use_qalora", "lora_bias"), (False, None)),
    **{key: (None, [], {}) for key in ("modules_to_save", "trainable_token_indices", "target_parameters")},
    **{key: (None, [], {}) for key in ("layer_replication", "alora_invocation_tokens", "use_bdlora")},
    **{key: (None, {}) for key in ("arrow_config", "kasa_config", "monteclora_config", "velora_config")},
}


@dataclass(frozen=True, slots=True)
class Pair:
    """One module's update: scale * b @ a. a is fp32[r, in], b is fp32[out, r]."""

    a: "Tensor"
    b: "Tensor"
    scale: float
    transposed: bool

    def delta(self) -> "Tensor":
        """fp32, in the layout of the base weight."""
        delta = (self.b @ self.a) * self.scale
        return delta.T if self.transposed else delta


def load_adapter(folder: Path, shapes: dict[str, tuple[int, ...]]) -> dict[str, Pair]:
    """The updates by the name of the base tensor that each changes; `shapes` are the base's, by tensor name.

    Every tensor must find its base weight and fit it: an engine that meets a name that it does not know serves the
    bare base without a word. Raises BadData with all that does not fit.
    """
    config = read_json(folder / "adapter_config.json")
    _refuse_other_than_plain(config, folder)
    halves = _read_halves(folder)
    problems: list[str] = []
    pairs: dict[str, Pair] = {}
    for module, half in sorted(halves.items()):
        weight = f"{module}.weight"
        problem = _misfit(half, shapes.get(weight), weight, transposed=bool(config.get("fan_in_fan_out")))
        if problem:
            problems.append(problem)
            continue
        scale = _scale(config, module, rank=half["A"].shape[0])
        pairs[weight] = Pair(half["A"], half["B"], scale, transposed=bool(config.get("fan_in_fan_out")))
    if problems:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise BadData(f"adapter {folder} does not fit the base model: {problems[0]}{more}")
    if not any(pair.b.any() and pair.a.any() for pair in pairs.values()):
        raise BadData(f"adapter {folder} changes nothing: every update is zero; was it saved before the first step?")
    return pairs


def _refuse_other_than_plain(config: dict[str, Any], folder: Path) -> None:
    if config.get("peft_type") != "LORA":
        raise BadData(f"adapter {folder} is of type {config.get('peft_type')}; only LORA can be merged")
    for key, allowed in PLAIN.items():
        if config.get(key) not in allowed:
            raise BadData(
                f"adapter {folder} has {key} = {config[key]}, which a plain LoRA merge would drop; "
                "train with LoRA or rsLoRA on linear layers, without bias and extra trained modules"
            )


def _read_halves(folder: Path) -> dict[str, dict[str, "Tensor"]]:
    """fp32 tensors by module and half; the file's names are base_model.model.{module}.lora_{A|B}.weight."""
    import torch
    from safetensors.torch import load_file

    file = folder / "adapter_model.safetensors"
    if not file.is_file():
        raise BadData(f"{file} is missing; only safetensors adapters are read")
    halves: dict[str, dict[str, Tensor]] = {}
    for name, tensor in load_file(file).items():
        module, found, half = name.removesuffix(".weight").rpartition(".lora_")
        if not (name.startswith(PREFIX) and found and half in {"A", "B"}):
            raise BadData(f"{file} holds {name}, which is no LoRA update of a linear layer; it cannot be merged")
        if not torch.isfinite(tensor).all():
            raise BadData(f"{file}: {name} holds NaN or infinity; take an earlier checkpoint")
        halves.setdefault(module.removeprefix(PREFIX), {})[half] = tensor.to(torch.float32)
    if not halves:
        raise BadData(f"{file} holds no tensor; sharded training saves empty files when it does not gather")
    return halves


def _misfit(half: dict[str, "Tensor"], shape: tuple[int, ...] | None, weight: str, *, transposed: bool) -> str | None:
    if half.keys() != {"A", "B"}:
        return f"{weight} has only lora_{'/'.join(half)} of the two halves"
    if shape is None:
        tied = "; with tied embeddings the head has no weight of its own" if weight == "lm_head.weight" else ""
        return f"the base has no {weight}{tied}"
    a, b = tuple(half["A"].shape), tuple(half["B"].shape)
    update = (a[1], b[0]) if transposed else (b[0], a[1])
    if a[0] != b[1] or update != shape:
        return f"{weight} is {list(shape)}, its update {list(b)} @ {list(a)}"
    return None


def _scale(config: dict[str, Any], module: str, rank: int) -> float:
    from peft.utils.other import get_pattern_key

    patterns = config.get("alpha_pattern") or {}
    alpha = patterns.get(get_pattern_key(list(patterns), module), config["lora_alpha"])
    return float(alpha) / (rank**0.5 if config.get("use_rslora") else rank)
