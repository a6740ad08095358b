"""The traps of the libraries below: each test body runs in a fork that has them imported."""

import dataclasses
import itertools
import json
import resource
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from fettle_contract import OUT_OF_MEMORY, Failure
from fettle_contract.forks import Forks
from fettle_contract.suite import write_rows
from fettle_trainer.config import LoraSettings, TrainConfig
from fettle_trainer.encoding import IGNORED, Encoder, Example
from fettle_trainer.rows import read_rows

if TYPE_CHECKING:
    from fettle_trainer.engine import Engine

Check = Callable[..., None]
NO_DROPOUT = LoraSettings(r=4, alpha=8, dropout=0.0)


@pytest.fixture
def check(forks: Forks, base_model: Path, tmp_path: Path) -> Check:
    return lambda body, *more: forks.check(body, base_model, tmp_path, *more, stderr=tmp_path / "stderr.txt")


def config(base_model: Path, folder: Path, **changed: Any) -> TrainConfig:
    rows = write_rows(folder / "rows.jsonl", 8, 1)
    usual = TrainConfig(
        run="engine",
        lease=1,
        base_model=base_model,
        train=rows,
        tuning="lora",
        precision="fp32",
        max_length=128,
        global_batch_size=8,
        micro_batch_size=8,
        learning_rate=1e-2,
        num_epochs=1,
        max_steps=4,
        seed=1,
        lora=NO_DROPOUT,
        gradient_checkpointing=False,
        warmup_ratio=0.0,
        threads=1,
    )
    return dataclasses.replace(usual, **changed)


def engine_of(settings: TrainConfig, folder: Path) -> tuple["Engine", list[Example]]:
    import torch
    from accelerate.state import AcceleratorState
    from fettle_trainer.engine import Engine

    torch.set_num_threads(1)
    AcceleratorState._reset_state(True)
    encoder = Encoder(settings.base_model, settings.max_length)
    rows = [encoder.encode(row) for row in read_rows(settings.train)]
    return Engine(settings, encoder.tokenizer, folder / "scratch", rows[0]), rows


def gradients(engine: "Engine", rows: list[Example]) -> dict[str, Any]:
    """What backward leaves, caught before the optimizer takes it."""
    caught: dict[str, Any] = {}

    def catch(*_: Any) -> None:
        caught.update({n: p.grad.clone() for n, p in engine.model.named_parameters() if p.grad is not None})

    engine.optimizer.optimizer.register_step_pre_hook(catch)
    engine.advance(rows)
    return caught


def same_gradients(base_model: Path, folder: Path) -> None:
    import torch

    lengths = {len(r.input_ids) for r in engine_of(config(base_model, folder), folder)[1]}
    assert len(lengths) > 2
    by_cut = [
        gradients(*engine_of(config(base_model, folder, micro_batch_size=m, max_grad_norm=0.0), folder)) for m in (8, 1)
    ]
    assert by_cut[0].keys() == by_cut[1].keys()
    for name, gradient in by_cut[0].items():
        torch.testing.assert_close(by_cut[1][name], gradient, rtol=1e-4, atol=1e-6)


def test_one_batch_of_eight_and_eight_of_one_leave_the_same_gradients(check: Check) -> None:
    check(same_gradients)


def loss_by_hand(engine: "Engine", rows: list[Example]) -> float:
    """Cross entropy of each supervised token given those before it, a row at a time, from the plain logits."""
    import torch
    from torch.nn.functional import cross_entropy

    total, count = 0.0, 0
    with torch.no_grad():
        for row in rows:
            logits = engine.model(input_ids=torch.tensor([row.input_ids])).logits[0]
            supervised = [(at, label) for at, label in enumerate(row.labels[1:]) if label != IGNORED]
            total += sum(float(cross_entropy(logits[at].float(), torch.tensor(label))) for at, label in supervised)
            count += len(supervised)
    return total / count


def loss_is_cross_entropy(base_model: Path, folder: Path, chunked: bool) -> None:
    settings = config(base_model, folder, micro_batch_size=3, chunked_loss=chunked)
    engine, rows = engine_of(settings, folder)
    expected = loss_by_hand(engine, rows)
    assert engine.dev_loss(rows, lambda: False) == pytest.approx(expected, rel=1e-5)
    assert engine.advance(rows).loss == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("chunked", [False, True])
def test_the_loss_is_the_cross_entropy_of_the_supervised_tokens(check: Check, chunked: bool) -> None:
    check(loss_is_cross_entropy, chunked)


def everything_moves(base_model: Path, folder: Path, changed: dict[str, Any]) -> None:
    import torch

    engine, rows = engine_of(config(base_model, folder, **changed), folder)
    trained = {n: p for n, p in engine.model.named_parameters() if p.requires_grad}
    before = {n: p.detach().clone() for n, p in trained.items()}
    assert {p.dtype for p in trained.values()} == {torch.float32}
    for _ in range(2):  # B of an adapter starts at zero, so A moves from the second step on
        engine.advance(rows)
    still = [n for n, p in trained.items() if torch.equal(p, before[n])]
    assert trained and not still, still
    frozen = {p.dtype for p in engine.model.parameters() if not p.requires_grad}
    expected = {"full": set(), "lora": {torch.bfloat16}, "qlora": {torch.uint8, torch.bfloat16}}
    assert frozen == expected[engine.run.tuning]


@pytest.mark.parametrize("tuning", ["lora", "qlora", "full"])
@pytest.mark.parametrize("checkpointing", [False, True])
def test_all_that_is_trained_is_fp32_and_moves(check: Check, tuning: str, checkpointing: bool) -> None:
    check(
        everything_moves,
        {
            "tuning": tuning,
            "precision": "bf16",
            "gradient_checkpointing": checkpointing,
            "lora": None if tuning == "full" else NO_DROPOUT,
        },
    )


def evaluation_changes_nothing(base_model: Path, folder: Path) -> None:
    settings = config(
        base_model, folder, tuning="qlora", precision="bf16", lora=LoraSettings(r=4, alpha=8, dropout=0.2)
    )
    ends = []
    for evaluated in (False, True):
        engine, rows = engine_of(settings, folder)
        for _ in range(3):
            engine.advance(rows)
            if evaluated:
                engine.dev_loss(rows, lambda: False)
        ends.append(engine.advance(rows).loss)
    assert ends[0] == ends[1]


def test_an_evaluation_changes_nothing_that_is_trained_on(check: Check) -> None:
    check(evaluation_changes_nothing)


def adapter_goes_round(base_model: Path, folder: Path) -> None:
    import torch

    settings = config(base_model, folder)
    engine, rows = engine_of(settings, folder)
    engine.advance(rows)
    engine.save(folder / "saved")
    fresh, _ = engine_of(settings, folder)
    fresh.restore(folder / "saved")
    mine, theirs = engine._adapter_weights(), fresh._adapter_weights()
    assert mine.keys() == theirs.keys()
    assert all(torch.equal(mine[n], theirs[n]) and mine[n].numel() for n in mine)
    names = [n for n, _ in fresh.model.named_parameters() if "lora_" in n]
    assert len(names) == len(mine)  # wrapped once, not twice


def test_a_saved_adapter_loads_into_the_model_that_exists(check: Check) -> None:
    check(adapter_goes_round)


def adapter_serves(base_model: Path, folder: Path) -> None:
    import torch
    from peft import PeftModel
    from transformers import AutoModelForCausalLM

    engine, rows = engine_of(config(base_model, folder), folder)
    for _ in range(3):
        engine.advance(rows)
    engine.save(folder / "saved")
    ids = torch.tensor([rows[0].input_ids])
    engine.model.eval()
    base = AutoModelForCausalLM.from_pretrained(base_model, dtype=torch.float32)
    with torch.no_grad():
        plain = base(ids).logits
        loaded = PeftModel.from_pretrained(base, folder / "saved" / "adapter").eval()
        torch.testing.assert_close(loaded(ids).logits, engine.model(ids).logits, rtol=1e-5, atol=1e-5)
        assert not torch.allclose(loaded(ids).logits, plain, atol=1e-3)


def test_a_saved_adapter_is_an_ordinary_peft_folder(check: Check) -> None:
    check(adapter_serves)


def adapter_names_its_modules_in_order(base_model: Path, folder: Path) -> None:
    engine, _ = engine_of(config(base_model, folder), folder)
    engine.save(folder / "saved")
    saved = json.loads((folder / "saved" / "adapter" / "adapter_config.json").read_text())
    assert len(saved["target_modules"]) > 2
    assert saved["target_modules"] == sorted(saved["target_modules"])


def test_equal_trains_leave_equal_adapter_folders(check: Check) -> None:
    check(adapter_names_its_modules_in_order)


def learns_to_stop(base_model: Path, folder: Path) -> None:
    import torch

    settings = config(base_model, folder, tuning="full", lora=None, learning_rate=3e-3, max_steps=80)
    engine, rows = engine_of(settings, folder)
    for _ in range(80):
        engine.advance(rows)
    engine.model.eval()
    start = next(i for i, label in enumerate(rows[0].labels) if label != IGNORED)
    prompt = torch.tensor([rows[0].input_ids[:start]])
    answer = engine.model.generate(prompt, max_new_tokens=40, do_sample=False)[0, start:].tolist()
    assert answer == [label for label in rows[0].labels if label != IGNORED]


def test_a_trained_model_gives_its_answer_and_stops(check: Check) -> None:
    check(learns_to_stop)


def other_modules_are_refused(base_model: Path, folder: Path) -> None:
    small = dataclasses.replace(NO_DROPOUT, target_modules=("q_proj",))
    engine, _ = engine_of(config(base_model, folder, lora=small), folder)
    engine.save(folder / "saved")
    fresh, _ = engine_of(config(base_model, folder), folder)
    with pytest.raises(Failure, match="other modules"):
        fresh.restore(folder / "saved")


def test_an_adapter_of_other_modules_is_not_loaded_in_part(check: Check) -> None:
    check(other_modules_are_refused)


def runs_out_of_memory(base_model: Path, folder: Path) -> None:
    from fettle_trainer.__main__ import main

    rows = folder / "long.jsonl"
    messages = [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "a b c " * 800}]
    rows.write_text("\n".join(json.dumps({"id": str(i), "messages": messages}) for i in range(64)))
    settings = config(base_model, folder, train=rows, max_length=20_000, global_batch_size=64, micro_batch_size=64)
    path = folder / "run.json"
    path.write_text(json.dumps(dataclasses.asdict(settings), default=str))
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + (1 << 30),) * 2)
    assert main(["train", "--config", str(path), "--workdir", str(folder / "work")]) == OUT_OF_MEMORY
    events = [json.loads(line) for line in (folder / "work" / "events.jsonl").read_text().splitlines()]
    assert [e["code"] for e in events if e["event"] == "error"] == [OUT_OF_MEMORY]


def test_running_out_of_memory_has_its_own_code(check: Check) -> None:
    check(runs_out_of_memory)


def lengths_do_not_leak(base_model: Path, folder: Path) -> None:
    engine, rows = engine_of(config(base_model, folder, micro_batch_size=8), folder)
    together = engine.dev_loss(rows, lambda: False) or 0.0
    counts = [row.supervised for row in rows]
    alone = [engine.dev_loss([row], lambda: False) or 0.0 for row in rows]
    weighted = sum(itertools.starmap(float.__mul__, zip(alone, map(float, counts), strict=True))) / sum(counts)
    assert together == pytest.approx(weighted, rel=1e-5)


def test_padding_changes_no_loss(check: Check) -> None:
    check(lengths_do_not_leak)
