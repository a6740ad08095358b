"""Verb `merge`: the merged model is the adapter's model, or there is none."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fettle_contract import BAD_CONFIG, BAD_DATA, CRASHED, FINISHED

Program = Callable[[str, dict[str, Any]], Any]
Adapter = Callable[..., Path]


@pytest.mark.parametrize(
    "settings",
    [{}, {"use_rslora": True}, {"target_modules": ["q_proj"], "rank_pattern": {"layers.1.self_attn.q_proj": 2}}],
    ids=["all linear layers", "rsLoRA", "a rank of its own"],
)
def test_merged_equals_the_adapter(
    program: Program, tiny: Path, adapter: Adapter, rows: Path, tmp_path: Path, settings: dict[str, Any]
) -> None:
    ended = program("merge", _config(tiny, adapter(**settings), tmp_path) | {"probe_rows": str(rows)})

    assert ended.code == FINISHED, ended.reason
    assert ended.result["verified_by"] == "logits"
    assert ended.result["max_abs_logit_diff"] < 1e-4
    assert 0 < ended.result["cast_mean_abs_diff"] < ended.result["cast_max_abs_diff"]
    assert ended.result["nf4_diff"] is None
    assert ended.result["tensors_merged"] == (2 if "target_modules" in settings else 14)


def test_the_merged_folder_keeps_the_layout_dtype_and_ties_of_the_base(
    program: Program, tiny: Path, adapter: Adapter, tmp_path: Path
) -> None:
    from transformers import AutoModelForCausalLM

    ended = program("merge", _config(tiny, adapter(), tmp_path))

    assert ended.code == FINISHED, ended.reason
    out = tmp_path / "merged"
    assert {f.name for f in out.iterdir()} == {f.name for f in tiny.iterdir()}
    assert ended.result["dtype"] == "bf16"
    base, merged = (sum(f.stat().st_size for f in folder.glob("*.safetensors")) for folder in (tiny, out))
    assert abs(base - merged) < 0.02 * base
    model = AutoModelForCausalLM.from_pretrained(out)
    assert model.lm_head.weight is model.model.embed_tokens.weight


def test_what_the_adapter_brings_wins_over_the_base(
    program: Program, tiny: Path, adapter: Adapter, tmp_path: Path
) -> None:
    trained = adapter()
    (trained / "chat_template.jinja").write_text("{{ messages[0]['content'] }}")
    (trained / "generation_config.json").write_text('{"eos_token_id": [2, 0]}')

    ended = program("merge", _config(tiny, trained, tmp_path))

    assert ended.code == FINISHED, ended.reason
    assert (tmp_path / "merged" / "chat_template.jinja").read_text() == "{{ messages[0]['content'] }}"
    assert json.loads((tmp_path / "merged" / "generation_config.json").read_text())["eos_token_id"] == [2, 0]
    assert (tmp_path / "merged" / "tokenizer.json").read_bytes() == (tiny / "tokenizer.json").read_bytes()


@pytest.mark.parametrize("base_precision", ["source", "dequantized_nf4"])
def test_a_qlora_adapter_is_measured_against_its_4_bit_base(
    program: Program, tiny: Path, adapter: Adapter, tmp_path: Path, base_precision: str
) -> None:
    config = _config(tiny, adapter(), tmp_path) | {"trained_on": "nf4", "base_precision": base_precision}

    ended = program("merge", config)

    assert ended.code == FINISHED, ended.reason
    result = ended.result
    assert result["max_abs_logit_diff"] < 1e-3
    if base_precision == "source":
        assert result["nf4_mean_diff"] > 2 * result["cast_mean_abs_diff"]
    else:  # what is left is the cast
        assert result["nf4_mean_diff"] == pytest.approx(result["cast_mean_abs_diff"], rel=0.05)


def test_what_we_call_nf4_is_what_4_bit_loading_holds(tiny: Path) -> None:
    import torch
    from bitsandbytes.functional import dequantize_4bit
    from bitsandbytes.nn import Linear4bit
    from fettle_artifact.nf4 import nf4_weights, through_nf4
    from transformers import AutoModelForCausalLM, BitsAndBytesConfig

    how = BitsAndBytesConfig(load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_use_double_quant=True)
    packed = AutoModelForCausalLM.from_pretrained(tiny, quantization_config=how, dtype=torch.bfloat16)
    loaded = {f"{n}.weight": m.weight for n, m in packed.named_modules() if isinstance(m, Linear4bit)}
    plain = dict(AutoModelForCausalLM.from_pretrained(tiny, dtype=torch.bfloat16).named_parameters())

    assert loaded.keys() == nf4_weights(tiny)
    for name, weight in loaded.items():
        assert torch.equal(dequantize_4bit(weight.data, weight.quant_state), through_nf4(plain[name])), name


def test_a_model_that_does_not_fit_is_verified_module_by_module(
    program: Program, tiny: Path, adapter: Adapter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fettle_artifact.verify.fits", lambda _: False)

    ended = program("merge", _config(tiny, adapter(), tmp_path))

    assert ended.code == FINISHED, ended.reason
    assert ended.result["verified_by"] == "modules"
    assert ended.result["max_module_diff"] < 1e-4
    assert ended.result["max_abs_logit_diff"] is None


def test_a_merge_that_differs_is_not_put_in_place(
    program: Program, tiny: Path, adapter: Adapter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fettle_artifact.adapter import Pair

    exact = Pair.delta
    monkeypatch.setattr(Pair, "delta", lambda self: exact(self) * 1.5)

    ended = program("merge", _config(tiny, adapter(), tmp_path))

    assert ended.code == CRASHED
    assert "merged differs from adapter by" in ended.reason
    assert not (tmp_path / "merged").exists()


def test_the_rounding_of_fp32_sums_is_no_difference(
    program: Program, tiny: Path, adapter: Adapter, tmp_path: Path
) -> None:
    """Where fp32 exceeds the tolerance, fp64 decides: a merge that really differs exceeds it there as well."""
    config = _config(tiny, adapter(), tmp_path)
    rounding = program("merge", {**config, "out": str(tmp_path / "first")}).result["max_abs_logit_diff"]

    ended = program("merge", {**config, "tolerance": rounding / 2})

    assert ended.code == FINISHED, ended.reason
    assert ended.result["max_abs_logit_diff"] < rounding / 2


def _renamed(folder: Path) -> None:
    _rewrite(folder, lambda name, tensor: (name.replace("q_proj", "query"), tensor))


def _poisoned(folder: Path) -> None:
    _rewrite(folder, lambda name, tensor: (name, tensor * float("nan")))


def _untrained(folder: Path) -> None:
    _rewrite(folder, lambda name, tensor: (name, tensor * (0 if "lora_B" in name else 1)))


def _halved(folder: Path) -> None:
    _rewrite(folder, lambda name, tensor: (name, tensor) if "lora_A" in name else None)


def _narrowed(folder: Path) -> None:
    _rewrite(folder, lambda name, tensor: (name, tensor[:, :-1].contiguous() if "lora_A" in name else tensor))


def _rewrite(folder: Path, change: Callable[[str, Any], tuple[str, Any] | None]) -> None:
    from safetensors.torch import load_file, save_file

    file = folder / "adapter_model.safetensors"
    save_file(dict(filter(None, (change(name, tensor) for name, tensor in load_file(file).items()))), file)


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (_renamed, "the base has no model.layers.0.self_attn.query.weight (and 1 more)"),
        (_poisoned, "holds NaN or infinity"),
        (_untrained, "changes nothing"),
        (_halved, "only lora_A"),
        (_narrowed, "its update [64, 4] @ [4, 63]"),
    ],
)
def test_an_adapter_that_does_not_fit_the_base_is_refused(
    program: Program, tiny: Path, adapter: Adapter, tmp_path: Path, damage: Callable[[Path], None], said: str
) -> None:
    trained = adapter(target_modules=["q_proj"])
    damage(trained)

    ended = program("merge", _config(tiny, trained, tmp_path))

    assert ended.code == BAD_DATA
    assert said in ended.reason
    assert not (tmp_path / "merged").exists()


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"use_dora": True}, "use_dora = True"),
        ({"modules_to_save": ["lm_head"]}, "modules_to_save = ['lm_head']"),
        ({"bias": "all"}, "bias = all"),
        ({"init_lora_weights": "pissa"}, "init_lora_weights = pissa"),
        ({"target_modules": ["embed_tokens", "q_proj"]}, "no LoRA update of a linear layer"),
    ],
    ids=lambda value: str(value),
)
def test_an_adapter_that_is_more_than_lora_is_refused(
    program: Program, tiny: Path, adapter: Adapter, tmp_path: Path, settings: dict[str, Any], said: str
) -> None:
    ended = program("merge", _config(tiny, adapter(**settings), tmp_path))

    assert ended.code == BAD_DATA
    assert said in ended.reason


def test_a_quantized_base_is_refused(program: Program, tiny: Path, adapter: Adapter, tmp_path: Path) -> None:
    base = shutil.copytree(tiny, tmp_path / "base")
    config = json.loads((base / "config.json").read_text()) | {"quantization_config": {"quant_method": "gptq"}}
    (base / "config.json").write_text(json.dumps(config))

    ended = program("merge", _config(base, adapter(), tmp_path))

    assert ended.code == BAD_CONFIG
    assert "is quantized" in ended.reason


def _config(base: Path, adapter: Path, tmp_path: Path) -> dict[str, Any]:
    return {"base_model": str(base), "adapter": str(adapter), "out": str(tmp_path / "merged")}
