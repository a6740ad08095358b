import json
from pathlib import Path
from typing import Any

import pytest
from fettle_contract import BAD_CONFIG, BAD_DATA, FINISHED
from fettle_contract.suite import write_rows
from fettle_trainer.__main__ import main
from fettle_trainer.encoding import IGNORED, Encoder
from fettle_trainer.rows import Row


def run(config: dict[str, Any], workdir: Path) -> int:
    workdir.mkdir(exist_ok=True)
    (workdir / "config.json").write_text(json.dumps(config))
    return main(["score", "--config", str(workdir / "config.json"), "--workdir", str(workdir)])


def scored(model: Path, rows: Path, folder: Path, **more: Any) -> list[dict[str, Any]]:
    out = folder / "out.jsonl"
    assert run({"model": str(model), "rows": str(rows), "out": str(out), "max_length": 256, **more}, folder) == FINISHED
    return [json.loads(line) for line in out.read_text().splitlines()]


def talk(*contents: str) -> Row:
    return Row("r", [{"role": ("user", "assistant")[i % 2], "content": c} for i, c in enumerate(contents)])


def test_the_last_answer_is_the_same_tokens_with_and_without_its_prompt(base_model: Path) -> None:
    encoder = Encoder(base_model, 256)
    whole, alone = encoder.answer_pair(talk("one", "two", "three", "the answer"))
    answer = [label for label in whole.labels if label != IGNORED]
    assert encoder.tokenizer.decode(answer) == "the answer<|im_end|>"
    assert [label for label in alone.labels if label != IGNORED] == answer
    assert encoder.tokenizer.decode(alone.input_ids) == "<|im_start|>assistant\nthe answer<|im_end|>"
    assert len(whole.labels) == len(whole.input_ids)


def test_losses_are_those_of_the_model_row_by_row(base_model: Path, tmp_path: Path) -> None:
    import torch
    from transformers import AutoModelForCausalLM

    rows = write_rows(tmp_path / "rows.jsonl", 7, 1)
    together = scored(base_model, rows, tmp_path / "a")
    one_by_one = scored(base_model, rows, tmp_path / "b", batch_tokens=8)
    assert [row["id"] for row in together] == [f"row-{i}" for i in range(7)]
    model = AutoModelForCausalLM.from_pretrained(base_model, dtype=torch.float32)
    encoder = Encoder(base_model, 256)
    for line, row, alone in zip(rows.read_text().splitlines(), together, one_by_one, strict=True):
        tree = json.loads(line)
        pair = encoder.answer_pair(Row(tree["id"], tree["messages"]))
        for example, key in zip(pair, ("loss_with", "loss_without"), strict=True):
            with torch.no_grad():
                expected = model(torch.tensor([example.input_ids]), labels=torch.tensor([example.labels])).loss
            assert row[key] == pytest.approx(float(expected), abs=1e-4)
            assert alone[key] == pytest.approx(row[key], abs=1e-4)


def test_the_same_rows_give_the_same_numbers(base_model: Path, tmp_path: Path) -> None:
    rows = write_rows(tmp_path / "rows.jsonl", 20, 1)
    assert scored(base_model, rows, tmp_path / "a") == scored(base_model, rows, tmp_path / "b")


def test_a_row_that_cannot_be_trained_on_has_its_reason_in_place_of_numbers(base_model: Path, tmp_path: Path) -> None:
    rows = write_rows(tmp_path / "rows.jsonl", 3, 1)
    lines = rows.read_text().splitlines()
    lines[1] = '{"id": "odd", "messages": [{"role": "user", "content": "hi"}]}'
    rows.write_text("\n".join(lines))
    seen = scored(base_model, rows, tmp_path / "work")
    assert seen[1] == {
        "id": "odd",
        "loss_with": None,
        "loss_without": None,
        "error": "has no assistant message",
    }
    assert all(row["loss_with"] > 0 and row["loss_without"] > 0 for row in (seen[0], seen[2]))
    result = json.loads((tmp_path / "work" / "result.json").read_text())
    assert (result["rows"], result["unusable"]) == (3, 1)


def test_score_refuses_what_is_no_row_and_what_is_no_model(base_model: Path, tmp_path: Path) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text("[]\n")
    config = {"model": str(base_model), "rows": str(rows), "out": str(tmp_path / "o")}
    assert run(config, tmp_path / "data") == BAD_DATA
    assert run({**config, "model": str(tmp_path)}, tmp_path / "config") == BAD_CONFIG
