import json
from pathlib import Path
from typing import Any

import pytest
from fettle_contract import BAD_CONFIG, BAD_DATA, FINISHED
from fettle_contract.forks import Forks
from fettle_contract.suite import write_rows
from fettle_trainer.__main__ import main


def run(verb: str, config: dict[str, Any], workdir: Path) -> int:
    workdir.mkdir(exist_ok=True)
    (workdir / "config.json").write_text(json.dumps(config))
    return main([verb, "--config", str(workdir / "config.json"), "--workdir", str(workdir)])


def test_render_tells_every_row_in_order_and_shows_the_first_five(base_model: Path, tmp_path: Path) -> None:
    rows = write_rows(tmp_path / "rows.jsonl", 6, 1)
    lines = rows.read_text().splitlines()
    lines[4] = '{"id": "odd", "messages": [{"role": "user", "content": "hi"}]}'
    rows.write_text("\n".join(lines))
    out = tmp_path / "out.jsonl"
    config = {"model": str(base_model), "rows": str(rows), "out": str(out), "max_length": 128, "chat_template": None}
    assert run("render", config, tmp_path / "work") == FINISHED
    seen = [json.loads(line) for line in out.read_text().splitlines()]
    assert [s["id"] for s in seen] == ["row-0", "row-1", "row-2", "row-3", "odd", "row-5"]
    assert seen[4] | {"tokens": 0} == {
        "id": "odd",
        "tokens": 0,
        "supervised_tokens": 0,
        "ends_with_eot": False,
        "error": "has no assistant message",
    }
    result = json.loads((tmp_path / "work" / "result.json").read_text())
    assert (result["rows"], len(result["examples"]), len(result["template_sha256"])) == (6, 5, 64)
    assert [e["id"] for e in result["examples"]] == ["row-0", "row-1", "row-2", "row-3", "row-5"]
    assert "⟦" in result["examples"][0]["text"]


def test_render_refuses_what_is_no_row_and_what_is_no_model(base_model: Path, tmp_path: Path) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text("[]\n")
    config = {"model": str(base_model), "rows": str(rows), "out": str(tmp_path / "o"), "max_length": 128}
    assert run("render", config, tmp_path / "data") == BAD_DATA
    assert run("render", {**config, "model": str(tmp_path)}, tmp_path / "config") == BAD_CONFIG


def test_template_tells_pieces_and_writes_the_tokenizer_as_it_was_loaded(base_model: Path, tmp_path: Path) -> None:
    config = {"model": str(base_model), "tokenizer": str(tmp_path / "t.json"), "chat_template": None}
    assert run("template", config, tmp_path / "work") == FINISHED
    result = json.loads((tmp_path / "work" / "result.json").read_text())
    first = result["pieces"]["between"][0]
    assert first == {"from": "assistant", "to": "user", "before": "<|im_end|>\n", "after": "<|im_start|>user\n"}
    assert result["controls"] == ["<|endoftext|>", "<|im_end|>"]
    assert (result["reason"], result["stops"], len(result["tokenizer_sha256"])) == ("", [2], 64)
    assert json.loads((tmp_path / "t.json").read_text())["model"]["type"] == "BPE"


def test_template_tells_why_there_are_no_pieces(base_model: Path, tmp_path: Path) -> None:
    config = {"model": str(base_model), "tokenizer": str(tmp_path / "t.json"), "chat_template": "{{ messages }}"}
    assert run("template", config, tmp_path / "work") == FINISHED
    result = json.loads((tmp_path / "work" / "result.json").read_text())
    assert (result["pieces"], bool(result["reason"])) == (None, True)


@pytest.mark.parametrize("rows", [False, True])
def test_the_tiny_model_is_the_same_for_the_same_seed(forks: Forks, tmp_path: Path, rows: bool) -> None:
    vocabulary = str(write_rows(tmp_path / "rows.jsonl", 50, 1)) if rows else None
    results = []
    for name in ("a", "b"):
        folder = tmp_path / name
        folder.mkdir()
        config = {"out": str(folder / "model"), "seed": 5, "vocab_rows": vocabulary}
        (folder / "tiny.json").write_text(json.dumps(config))
        made = forks.start(
            ["tiny", "--config", str(folder / "tiny.json"), "--workdir", str(folder)], folder / "stderr.txt"
        )
        made.join()
        assert made.exitcode == FINISHED
        results.append(json.loads((folder / "result.json").read_text()))
    assert results[0] == results[1]
    assert results[0]["vocabulary"] <= 512
