"""One tiny Llama and one adapter on it for the whole session; torch is imported once."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

os.environ["HF_HUB_OFFLINE"] = "1"  # before the client is imported, which reads it once


@dataclass(frozen=True, slots=True)
class Ended:
    """How a program ended."""

    code: int
    result: dict[str, Any]
    reason: str


@pytest.fixture
def program(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[[str, dict[str, Any]], Ended]:
    """Runs a verb as its command line would, without a new process."""
    from fettle_artifact.__main__ import main

    def run(verb: str, config: dict[str, Any]) -> Ended:
        file, workdir = tmp_path / "config.json", tmp_path / "work"
        file.write_text(json.dumps(config), "utf-8")
        (workdir / "result.json").unlink(missing_ok=True)
        capsys.readouterr()
        code = main([verb, "--config", str(file), "--workdir", str(workdir)])
        lines = capsys.readouterr().err.strip().splitlines()
        result = workdir / "result.json"
        return Ended(code, json.loads(result.read_text()) if result.exists() else {}, lines[-1] if lines else "")

    return run


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The trainer's test model, its weights in several files."""
    import torch
    from fettle_trainer.__main__ import main
    from transformers import AutoModelForCausalLM

    folder, work = tmp_path_factory.mktemp("tiny"), tmp_path_factory.mktemp("work")
    (work / "tiny.json").write_text(json.dumps({"out": str(folder), "seed": 1, "vocab_rows": None}))
    assert main(["tiny", "--config", str(work / "tiny.json"), "--workdir", str(work)]) == 0
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.bfloat16)
    (folder / "model.safetensors").unlink()
    model.save_pretrained(folder, max_shard_size="60KB")
    assert len(list(folder.glob("*.safetensors"))) > 1
    return folder


@pytest.fixture
def adapter(tiny: Path, tmp_path: Path) -> Callable[..., Path]:
    """Saves an adapter with updates large enough to show in every logit; keywords go to LoraConfig."""
    import torch
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM

    def save(**settings: Any) -> Path:
        torch.manual_seed(2)
        model = AutoModelForCausalLM.from_pretrained(tiny, dtype=torch.float32)
        peft = get_peft_model(model, LoraConfig(r=4, lora_alpha=8, **{"target_modules": "all-linear", **settings}))
        with torch.no_grad():
            for name, weight in peft.named_parameters():
                if "lora_B" in name:
                    weight.normal_(std=0.2)
        folder = tmp_path / "adapter"
        peft.save_pretrained(folder)
        return folder

    return save


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    """Two rows in the trainer's form."""
    turns = [{"role": "user", "content": "the printer is on fire"}, {"role": "assistant", "content": "call 5"}]
    file = tmp_path / "rows.jsonl"
    file.write_text("".join(json.dumps({"id": str(i), "messages": turns}) + "\n" for i in range(2)), "utf-8")
    return file
