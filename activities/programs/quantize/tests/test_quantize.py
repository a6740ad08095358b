"""Verb `quantize`: every scheme ends in a smaller folder that still answers as its parent did, or in one sentence."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fettle_contract import BAD_CONFIG, BAD_DATA, CRASHED, FINISHED
from fettle_contract.folders import TOKENIZER_FILES

Quantize = Callable[..., Any]


@pytest.mark.parametrize(
    ("scheme", "bits", "kind", "group_size"),
    [("w8a8", 8, "int", None), ("w4a16", 4, "int", 64), ("fp8_dynamic", 8, "float", None)],
)
def test_a_scheme_shrinks_the_linear_layers_and_spares_the_head(
    quantize: Quantize,
    tiny: Path,
    rows: Path,
    tmp_path: Path,
    scheme: str,
    bits: int,
    kind: str,
    group_size: int | None,
) -> None:
    ended = quantize(model=tiny, scheme=scheme, calibration_rows=rows)

    assert ended.code == FINISHED, ended.reason
    result = ended.result
    assert result["bytes_after"] < 0.85 * result["bytes_before"]
    assert (result["group_size"], result["ignored"]) == (group_size, ["lm_head"])
    written = json.loads((tmp_path / "out" / "config.json").read_text())
    quantization = written["quantization_config"]
    (group,) = quantization["config_groups"].values()
    assert (group["weights"]["num_bits"], group["weights"]["type"]) == (bits, kind)
    assert quantization["ignore"] == ["lm_head"]
    assert written["tie_word_embeddings"] is True
    verify = result["verify"]
    assert verify["rows"] == 3  # a quarter of twelve
    assert verify["perplexity_after"] == pytest.approx(verify["perplexity_before"], rel=0.1)
    assert verify["top1_agreement"] > 0.5


def test_it_computes_in_the_dtype_that_serves_and_writes_the_weights_own(
    quantize: Quantize, tiny: Path, rows: Path, tmp_path: Path
) -> None:
    from safetensors import safe_open

    dtypes = []
    for name, dtype in (("own", None), ("serves", "float32")):
        ended = quantize(model=tiny, scheme="w8a8", calibration_rows=rows, out=tmp_path / name, dtype=dtype)
        assert ended.code == FINISHED, ended.reason
        with safe_open(tmp_path / name / "model.safetensors", "pt") as weights:
            dtypes.append({key: weights.get_slice(key).get_dtype() for key in weights.keys()})  # noqa: SIM118
        assert json.loads((tmp_path / name / "config.json").read_text())["dtype"] == "bfloat16"
        assert ended.result["verify"]["top1_agreement"] > 0.5

    assert dtypes[0] == dtypes[1]
    assert set(dtypes[1].values()) == {"BF16", "I8"}


def test_tokenizer_template_and_generation_defaults_are_the_parents(
    quantize: Quantize, tiny: Path, tmp_path: Path
) -> None:
    ended = quantize(model=tiny, scheme="w8a8")

    assert ended.code == FINISHED, ended.reason
    for name in (*TOKENIZER_FILES, "generation_config.json"):
        if (tiny / name).exists():
            assert (tmp_path / "out" / name).read_bytes() == (tiny / name).read_bytes(), name
    assert {entry["path"] for entry in ended.result["files"]} >= {"config.json", "model.safetensors", "tokenizer.json"}


def test_eight_bits_are_smoothed_where_there_are_rows(quantize: Quantize, tiny: Path, rows: Path) -> None:
    ended = quantize(model=tiny, scheme="w8a8", calibration_rows=rows, samples=5)

    assert ended.code == FINISHED, ended.reason
    assert (ended.result["smoothed"], ended.result["calibration_rows"]) == (True, 5)


def test_eight_bits_need_no_rows(quantize: Quantize, tiny: Path) -> None:
    ended = quantize(model=tiny, scheme="w8a8")

    assert ended.code == FINISHED, ended.reason
    assert (ended.result["smoothed"], ended.result["calibration_rows"]) == (False, 0)
    assert ended.result["verify"]["perplexity_after"] is None


def test_the_same_config_gives_the_same_bytes(quantize: Quantize, tiny: Path, rows: Path) -> None:
    first, second = (quantize(model=tiny, scheme="w4a16", calibration_rows=rows).result for _ in range(2))

    assert first["files"] == second["files"]


def test_none_is_the_parent_as_it_is(quantize: Quantize, tiny: Path, tmp_path: Path) -> None:
    ended = quantize(model=tiny, scheme="none")

    assert ended.code == FINISHED, ended.reason
    assert (tmp_path / "out" / "model.safetensors").read_bytes() == (tiny / "model.safetensors").read_bytes()
    assert ended.result["verify"]["top1_agreement"] == 1


def test_a_model_that_computes_nan_is_not_put_in_place(quantize: Quantize, tiny: Path, tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    poisoned = shutil.copytree(tiny, tmp_path / "poisoned")
    tensors = load_file(poisoned / "model.safetensors")
    tensors["model.norm.weight"] *= float("nan")
    save_file(tensors, poisoned / "model.safetensors", metadata={"format": "pt"})

    ended = quantize(model=poisoned, scheme="w8a8")

    assert ended.code == CRASHED
    assert "computes NaN or infinity" in ended.reason
    assert not (tmp_path / "out").exists()


def test_four_bits_without_rows_are_refused(quantize: Quantize, tiny: Path) -> None:
    ended = quantize(model=tiny, scheme="w4a16")

    assert ended.code == BAD_CONFIG
    assert "needs rows of the training data" in ended.reason


def test_a_quantized_model_is_refused(quantize: Quantize, tiny: Path, tmp_path: Path) -> None:
    quantized = shutil.copytree(tiny, tmp_path / "quantized")
    config = json.loads((quantized / "config.json").read_text()) | {"quantization_config": {"quant_method": "gptq"}}
    (quantized / "config.json").write_text(json.dumps(config))

    ended = quantize(model=quantized, scheme="w8a8")

    assert ended.code == BAD_CONFIG
    assert "already quantized" in ended.reason


def test_rows_that_cannot_be_read_are_named_by_line(quantize: Quantize, tiny: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.jsonl"
    broken.write_text('{"messages": [{"role": "user", "content": "a"}]}\n{"prompt": "a"}\n')

    ended = quantize(model=tiny, scheme="w8a8", calibration_rows=broken)

    assert ended.code == BAD_DATA
    assert "broken.jsonl line 2" in ended.reason


@pytest.mark.parametrize(
    ("widths", "size"), [({4096, 14336}, 128), ({576, 1536}, 64), ({64, 128}, 64), ({96, 128}, 32)]
)
def test_the_group_size_is_the_largest_that_divides_every_width(widths: set[int], size: int) -> None:
    from fettle_quantize.recipes import group_size_for

    assert group_size_for("w4a16", widths) == size
    assert group_size_for("w8a8", widths) is None


def test_a_width_that_no_group_divides_is_refused() -> None:
    from fettle_contract import BadConfig
    from fettle_quantize.recipes import group_size_for

    with pytest.raises(BadConfig, match="one is 100; take w8a8"):
        group_size_for("w4a16", {64, 100})
