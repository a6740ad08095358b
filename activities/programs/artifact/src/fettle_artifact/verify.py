"""Is the merged model the adapter's model? Logits where it fits in memory, else module by module."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fettle_contract import Failure

from fettle_artifact.adapter import Pair
from fettle_artifact.merged import DTYPES, Merge, MergeConfig
from fettle_artifact.nf4 import nf4_weights, through_nf4
from fettle_artifact.probe import probes
from fettle_artifact.sources import Progress

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import PreTrainedModel


class NotTheSame(Failure):
    """The merged model answers otherwise than the adapter; nothing was put in place."""


@dataclass(slots=True)
class Distance:
    """Between two models' logits over all probes, in logits."""

    largest: float = 0.0
    total: float = 0.0
    count: int = 0
    same_top: int = 0
    positions: int = 0

    def add(self, left: "Tensor", right: "Tensor") -> None:
        """Logits of one probe: fp32[length, vocabulary]."""
        difference = (left - right).abs()
        self.largest = max(self.largest, difference.max().item())
        self.total += difference.sum(dtype=difference.dtype).item()
        self.count += difference.numel()
        self.same_top += int((left.argmax(-1) == right.argmax(-1)).sum())
        self.positions += left.shape[0]

    @property
    def mean(self) -> float:
        return self.total / self.count

    @property
    def top1_agreement(self) -> float:
        return self.same_top / self.positions


def verify(config: MergeConfig, merged: Merge, folder: Path, progress: Progress) -> dict[str, Any]:
    """Raises NotTheSame past the tolerance. Returns the distances; null where they could not be measured."""
    if not fits(merged):
        progress("verify", 0, 1, "modules")
        largest = max(_module_distance(merged, name, pair) for name, pair in sorted(merged.pairs.items()))
        _require(largest, config, "module by module, relative to the largest output")
        return _report("modules", module_diff=largest)
    tokens = probes(folder, config.probe_rows)
    progress("verify", 0, 3, "model")
    model = _load(config.base_model, "fp32")
    nf4_reference = _nf4_logits(config, model, tokens) if config.trained_on == "nf4" else None
    adapter, exact = _adapter_and_merged(config, merged, model, tokens)
    same = _distance(adapter, exact)
    del model
    where = "in fp32 logits"
    if not same.largest <= config.tolerance:  # fp32 rounds by more than the tolerance where logits are large
        same, where = _in_fp64(config, merged, tokens), "in fp64 logits"
    _require(same.largest, config, where)
    progress("verify", 1, 3, "model")
    written = _logits(_load(folder, config.dtype), tokens)
    progress("verify", 2, 3, "model")
    cast = _distance(exact, written)
    nf4 = _distance(nf4_reference, written) if nf4_reference else None
    return _report("logits", same=same, cast=cast, nf4=nf4, probe_tokens=sum(t.shape[1] for t in tokens))


def _in_fp64(config: MergeConfig, merged: Merge, tokens: list["Tensor"]) -> Distance:
    """The same distance without the rounding of fp32 sums, which differs between the two ways of adding."""
    import torch

    model = _load(config.base_model, "fp32").to(torch.float64)
    return _distance(*_adapter_and_merged(config, merged, model, tokens))


def _report(
    verified_by: str,
    *,
    same: Distance | None = None,
    cast: Distance | None = None,
    nf4: Distance | None = None,
    module_diff: float | None = None,
    probe_tokens: int = 0,
) -> dict[str, Any]:
    return {
        "verified_by": verified_by,
        "probe_tokens": probe_tokens,
        "max_abs_logit_diff": same.largest if same else None,
        "max_module_diff": module_diff,
        "cast_max_abs_diff": cast.largest if cast else None,
        "cast_mean_abs_diff": cast.mean if cast else None,
        "cast_top1_agreement": cast.top1_agreement if cast else None,
        "nf4_diff": nf4.largest if nf4 else None,
        "nf4_mean_diff": nf4.mean if nf4 else None,
        "nf4_top1_agreement": nf4.top1_agreement if nf4 else None,
    }


def _require(largest: float, config: MergeConfig, where: str) -> None:
    if not largest <= config.tolerance:  # not "greater": NaN must fail
        raise NotTheSame(
            f"merged differs from adapter by {largest:.3g} {where}, tolerance {config.tolerance:g}; "
            "nothing was written: is this the base that the adapter was trained on?"
        )


def _adapter_and_merged(
    config: MergeConfig, merged: Merge, model: "PreTrainedModel", tokens: list["Tensor"]
) -> tuple[list["Tensor"], list["Tensor"]]:
    """Logits with the adapter beside the base, then with the merged tensors in its place; both in the model's type."""
    import torch
    from peft import PeftModel

    parameters = dict(model.named_parameters())
    with torch.no_grad():
        for name in merged.nf4:
            parameters[name].copy_(through_nf4(parameters[name].to(torch.bfloat16)))
    peft = PeftModel.from_pretrained(model, str(config.adapter)).to(model.dtype)
    adapter = _logits(peft, tokens)
    plain = peft.unload()
    parameters = dict(plain.named_parameters())
    with torch.no_grad():
        for name, tensor in (pair for file in merged.files() for pair in merged.tensors(file)):
            if name in parameters:
                parameters[name].copy_(tensor)
    return adapter, _logits(plain, tokens)


def _nf4_logits(config: MergeConfig, model: "PreTrainedModel", tokens: list["Tensor"]) -> list["Tensor"]:
    """The adapter on the 4-bit base that it was trained on; the model is left as it was."""
    import torch
    from peft import PeftModel

    parameters = dict(model.named_parameters())
    kept = {name: parameters[name].detach().clone() for name in nf4_weights(config.base_model)}
    with torch.no_grad():
        for name, weight in kept.items():
            parameters[name].copy_(through_nf4(weight.to(torch.bfloat16)))
    peft = PeftModel.from_pretrained(model, str(config.adapter))
    logits = _logits(peft, tokens)
    peft.unload()
    with torch.no_grad():
        for name, weight in kept.items():
            parameters[name].copy_(weight)
    return logits


def _load(folder: Path, dtype: str) -> "PreTrainedModel":
    import torch
    from transformers import AutoModelForCausalLM

    return AutoModelForCausalLM.from_pretrained(
        folder, dtype=getattr(torch, DTYPES[dtype]), local_files_only=True, trust_remote_code=False
    )


def _logits(model: Any, tokens: list["Tensor"]) -> list["Tensor"]:
    """One [length, vocabulary] a probe, in fp64 of a model in fp64 and else in fp32."""
    import torch

    model.eval()
    kept = torch.float64 if model.dtype == torch.float64 else torch.float32
    with torch.inference_mode():
        return [model(input_ids=probe, use_cache=False).logits[0].to(kept) for probe in tokens]


def _distance(left: list["Tensor"], right: list["Tensor"]) -> Distance:
    distance = Distance()
    for one, other in zip(left, right, strict=True):
        distance.add(one, other)
    return distance


def fits(merged: Merge) -> bool:
    """Whether one fp32 model and a margin of half fit into what the machine has free."""
    needed = 4 * sum(file.stat().st_size for file in merged.files()) / 2 * 1.5
    for line in Path("/proc/meminfo").read_text("ascii").splitlines():
        if line.startswith("MemAvailable:"):
            return needed < int(line.split()[1]) * 1024
    return False


def _module_distance(merged: Merge, name: str, pair: Pair) -> float:
    """Relative to the largest output of the module on random input."""
    import torch
    from safetensors import safe_open

    for file in merged.files():
        with safe_open(file, framework="pt") as tensors:
            if name in tensors.keys():  # noqa: SIM118 - no mapping, it only has keys()
                base = tensors.get_tensor(name)
                break
    weight = (through_nf4(base) if name in merged.nf4 else base).float()
    total = next(tensor for found, tensor in merged.tensors(file) if found == name)
    if pair.transposed:
        weight, total = weight.T, total.T
    x = torch.randn(8, weight.shape[1], generator=torch.Generator().manual_seed(0))
    expected = x @ weight.T + (x @ pair.a.T) @ pair.b.T * pair.scale
    return float((x @ total.T - expected).abs().max() / expected.abs().max())
