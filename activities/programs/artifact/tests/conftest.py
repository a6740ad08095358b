"""One tiny Llama and one adapter on it for the whole session; torch is imported once."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fettle_contract.inprocess import Ended, end_of

os.environ["HF_HUB_OFFLINE"] = "1"  # before the client is imported, which reads it once


@pytest.fixture
def program(tmp_path: Path) -> Callable[[str, dict[str, Any]], Ended]:
    from fettle_artifact.__main__ import main

    return lambda verb, config: end_of(main, verb, config, tmp_path)


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The trainer's test model, its weights in several files."""
    import torch
    from fettle_trainer.__main__ import main
    from transformers import AutoModelForCausalLM

    folder = tmp_path_factory.mktemp("tiny")
    config = {"out": folder, "seed": 1, "vocab_rows": None}
    assert end_of(main, "tiny", config, tmp_path_factory.mktemp("work")).code == 0
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
