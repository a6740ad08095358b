"""The contract suite: what every trainer back end must do. A back end's tests import it and give a `backend` fixture.

`from fettle_contract.suite import *  # noqa: F403`
"""

import json
import random
import shutil
import signal
from pathlib import Path
from typing import Any

import pytest

from fettle_contract.codes import BAD_CONFIG, BAD_DATA, CRASHED, DIVERGED, FINISHED, STOPPED
from fettle_contract.trial import Backend, is_whole, manifest, weights

WORDS = ["late", "order", "refund", "broken", "login", "password", "invoice", "urgent", "please", "help"]


def write_rows(path: Path, count: int, seed: int) -> Path:
    draw = random.Random(seed)
    with path.open("w", encoding="utf-8") as file:
        for i in range(count):
            words = draw.choices(WORDS, k=draw.randint(2, 6))
            answer = {"role": "assistant", "content": f"{words[0]} {words[-1]}"}
            messages = [{"role": "user", "content": " ".join(words)}, answer]
            file.write(json.dumps({"id": f"row-{i}", "messages": messages}) + "\n")
    return path


@pytest.fixture
def job(backend: Backend, tmp_path: Path) -> dict[str, Any]:
    """A run of twelve steps over two and a bit epochs, with dropout, on one thread."""
    return {
        "run": "contract",
        "lease": 1,
        "base_model": str(backend.base_model),
        "train": str(write_rows(tmp_path / "train.jsonl", 22, 1)),
        "dev": str(write_rows(tmp_path / "dev.jsonl", 5, 2)),
        "tuning": "lora",
        "lora": {"r": 4, "alpha": 8, "dropout": 0.1, "target_modules": "all-linear", "use_rslora": False},
        "max_length": 128,
        "global_batch_size": 4,
        "micro_batch_size": 2,
        "gradient_checkpointing": False,
        "chunked_loss": False,
        "learning_rate": 5e-3,
        "lr_scheduler": "cosine",
        "warmup_ratio": 0.1,
        "num_epochs": 3,
        "max_steps": 12,
        "weight_decay": 0.01,
        "max_grad_norm": 1.0,
        "seed": 7,
        "precision": "fp32",
        "threads": 1,
        "eval_every_steps": 4,
        "early_stopping": None,
        "checkpoint": {"every_steps": 5, "every_seconds": 900, "min_seconds": 0},
        "resume_from": None,
        "interval_file": None,
    }


# enough steps left, when a signal is sent, for it to arrive before the end
LONGER = {"max_steps": 40, "num_epochs": 8}
LONG = {"max_steps": 5000, "num_epochs": 1000, "eval_every_steps": None, "dev": None}

FIELDS = {
    "started": {"step", "max_steps"},
    "alive": {"phase"},
    "step": {"step", "loss", "grad_norm", "learning_rate", "epoch", "tokens", "tokens_per_second", "seconds"},
    "eval": {"step", "dev_loss", "best_step"},
    "checkpoint": {"step", "path", "seconds", "bytes", "dev_loss", "best"},
    "stopping": {"reason"},
    "finished": {"step", "best_step", "best_dev_loss", "stopped_early"},
}


def test_a_run_trains_and_tells_what_it_does(backend: Backend, job: dict[str, Any], tmp_path: Path) -> None:
    trial = backend.start(job, tmp_path / "run").finished()
    for event in trial.events():
        assert event.keys() >= FIELDS[event["event"]] | {"time"}, event
    told = [e["event"] for e in trial.events() if e["event"] != "alive"]
    assert (told[0], told[-1]) == ("started", "finished")
    assert set(told) == FIELDS.keys() - {"alive"}
    losses = [e["loss"] for e in trial.events("step")]
    assert len(losses) == 12 and losses[-1] < losses[0]
    assert [e["step"] for e in trial.events("eval")] == [4, 8, 12]


def test_checkpoints_are_whole_and_their_manifests_say_what_they_hold(
    backend: Backend, job: dict[str, Any], tmp_path: Path
) -> None:
    trial = backend.start(job, tmp_path / "run").finished()
    assert [p.name for p in trial.checkpoints()] == ["step-0000000005", "step-0000000010", "step-0000000012"]
    assert all(is_whole(p) for p in trial.checkpoints())
    last = manifest(trial.last)
    assert (last["format"], last["step"], last["max_steps"]) == (1, 12, 12)
    assert last["dev_loss"] == trial.events("eval")[-1]["dev_loss"]
    assert manifest(trial.checkpoints()[0])["dev_loss"] is None
    assert last["trainer"]["torch"]
    adapter = json.loads((trial.last / "adapter" / "adapter_config.json").read_text())
    assert (adapter["peft_type"], adapter["r"]) == ("LORA", 4)
    assert str(tmp_path) not in json.dumps(adapter)


def test_a_run_stopped_in_its_second_epoch_ends_bit_equal_to_an_uninterrupted_one(
    backend: Backend, job: dict[str, Any], tmp_path: Path
) -> None:
    job |= LONGER
    straight = backend.start(job, tmp_path / "straight").finished()
    stopped = backend.start(job, tmp_path / "stopped")
    stopped.until("step", step=7)
    stopped.signal(signal.SIGTERM)
    assert stopped.end() == STOPPED
    assert manifest(stopped.last)["step"] == stopped.events("step")[-1]["step"] < 40
    moved = shutil.move(stopped.last, tmp_path / "elsewhere")  # a checkpoint remembers no path
    resumed = backend.start({**job, "resume_from": str(moved)}, tmp_path / "resumed").finished()
    assert weights(resumed.last) == weights(straight.last)
    again = {e["step"]: e["loss"] for e in [*stopped.events("step"), *resumed.events("step")]}
    assert again == {e["step"]: e["loss"] for e in straight.events("step")}


def test_a_killed_run_goes_on_from_its_newest_checkpoint_to_the_same_end(
    backend: Backend, job: dict[str, Any], tmp_path: Path
) -> None:
    job |= LONGER
    job["checkpoint"]["every_steps"] = 1
    straight = backend.start(job, tmp_path / "straight").finished()
    killed = backend.start(job, tmp_path / "killed")
    killed.until("checkpoint", step=6)
    killed.signal(signal.SIGKILL)
    assert killed.end() == -signal.SIGKILL
    assert all(is_whole(p) for p in killed.checkpoints())  # whatever the kill hit, what is in place is whole
    resumed = backend.start({**job, "resume_from": str(killed.last)}, tmp_path / "killed").finished()
    assert weights(resumed.last) == weights(straight.last)


def test_how_often_checkpoints_are_written_does_not_change_the_result(
    backend: Backend, job: dict[str, Any], tmp_path: Path
) -> None:
    often = {**job, "checkpoint": {"every_steps": 1, "every_seconds": 900, "min_seconds": 0}}
    never = {**job, "checkpoint": {"every_steps": 100, "every_seconds": 900, "min_seconds": 0}}
    trials = [backend.start(c, tmp_path / n).finished() for c, n in ((often, "often"), (never, "never"))]
    assert [len(t.checkpoints()) for t in trials] == [12, 1]
    assert weights(trials[0].last) == weights(trials[1].last)


def test_a_smaller_micro_batch_is_the_same_run_up_to_the_order_of_sums(
    backend: Backend, job: dict[str, Any], tmp_path: Path
) -> None:
    job["lora"]["dropout"] = 0.0
    job |= {"dev": None, "eval_every_steps": None, "max_steps": 17, "num_epochs": 3}  # the last step is short: 2 rows
    losses = []
    for micro in (4, 1, 3):
        trial = backend.start({**job, "micro_batch_size": micro}, tmp_path / f"micro-{micro}").finished()
        losses.append([e["loss"] for e in trial.events("step")])
    assert losses[1] == pytest.approx(losses[0], rel=1e-4)
    assert losses[2] == pytest.approx(losses[0], rel=1e-4)


def test_sigusr1_writes_a_checkpoint_and_goes_on(backend: Backend, job: dict[str, Any], tmp_path: Path) -> None:
    job["checkpoint"] = {"every_steps": 5000, "every_seconds": 900, "min_seconds": 600}
    trial = backend.start({**job, **LONG}, tmp_path / "run")
    trial.until("step", step=2)
    trial.signal(signal.SIGUSR1)
    asked = trial.until("checkpoint")
    trial.until("step", step=asked["step"] + 2)
    trial.signal(signal.SIGTERM)
    assert trial.end() == STOPPED
    assert trial.events("stopping")[-1]["reason"] == "requested"
    assert len(trial.checkpoints()) == 2


def test_the_agent_may_shorten_the_interval_while_training(
    backend: Backend, job: dict[str, Any], tmp_path: Path
) -> None:
    interval = tmp_path / "interval.json"
    job["checkpoint"] = {"every_steps": 5000, "every_seconds": 900, "min_seconds": 0}
    trial = backend.start({**job, **LONG, "interval_file": str(interval)}, tmp_path / "run")
    trial.until("step", step=2)
    assert trial.events("checkpoint") == []
    interval.write_text('{"every_seconds": 0.01}')
    trial.until("checkpoint")
    trial.signal(signal.SIGKILL)
    trial.end()


@pytest.mark.parametrize("every", [4, 12])
def test_a_stop_during_an_evaluation_is_prompt_and_the_evaluation_is_made_up_for(
    backend: Backend, job: dict[str, Any], tmp_path: Path, every: int
) -> None:
    """Also during the last one, which decides what the run returns."""
    job |= {"dev": str(write_rows(tmp_path / "long-dev.jsonl", 3000, 3)), "eval_every_steps": every}
    trial = backend.start(job, tmp_path / "stopped")
    trial.until("step", step=every)
    trial.signal(signal.SIGTERM)
    assert trial.end() == STOPPED
    assert (trial.events("eval"), manifest(trial.last)["dev_loss"]) == ([], None)
    short = {**job, "dev": str(write_rows(tmp_path / "short-dev.jsonl", 5, 2)), "resume_from": str(trial.last)}
    resumed = backend.start(short, tmp_path / "resumed").finished()
    assert [e["step"] for e in resumed.events("eval")] == list(range(every, 13, every))


def test_early_stopping_ends_at_the_same_step_whether_interrupted_or_not(
    backend: Backend, job: dict[str, Any], tmp_path: Path
) -> None:
    job |= LONG | {"dev": job["dev"], "eval_every_steps": 1, "early_stopping": {"patience": 3, "min_delta": 0.5}}
    straight = backend.start(job, tmp_path / "straight").finished()
    end = straight.events("finished")[-1]
    assert (end["stopped_early"], straight.events("stopping")[-1]["reason"]) == (True, "early_stopping")
    assert end["step"] == end["best_step"] + 3
    best = [p for p in straight.checkpoints() if manifest(p)["step"] == end["best_step"]]
    assert [manifest(p)["best"] for p in best] == [True]
    job["checkpoint"]["every_steps"] = 1
    killed = backend.start(job, tmp_path / "killed")
    killed.until("checkpoint", step=end["step"] - 1)
    killed.signal(signal.SIGKILL)
    killed.end()
    resumed = backend.start({**job, "resume_from": str(killed.last)}, tmp_path / "resumed").finished()
    assert resumed.events("finished")[-1] | {"time": 0} == end | {"time": 0}


def test_every_mistake_in_the_configuration_is_named_at_once(
    backend: Backend, job: dict[str, Any], tmp_path: Path
) -> None:
    wrong = {**job, "learning_rat": 1, "tuning": "lorra", "max_steps": 0, "train": 3}
    del wrong["seed"]
    trial = backend.start(wrong, tmp_path / "run")
    assert trial.end() == BAD_CONFIG
    error = trial.events("error")[-1]
    assert error["code"] == BAD_CONFIG
    for name in ("learning_rat ", "tuning", "max_steps", "train", "seed"):
        assert any(p.startswith(name) for p in error["problems"]), (name, error["problems"])
    assert trial.stderr().splitlines()[-1] == error["reason"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("{not json", "line 2 is not JSON"),
        ('{"id": "x", "messages": [{"role": "robot", "content": "hi"}]}', "role 'robot'"),
        ('{"id": "x", "messages": [{"role": "user", "content": "hi"}]}', "x has no assistant message"),
        (
            '{"id": "x", "messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": ""}]}',
            "x has an empty assistant message",
        ),
    ],
)
def test_rows_that_cannot_be_trained_on_are_bad_data_with_the_row_named(
    backend: Backend, job: dict[str, Any], tmp_path: Path, row: str, reason: str
) -> None:
    lines = Path(job["train"]).read_text().splitlines()
    Path(job["train"]).write_text("\n".join([lines[0], row, *lines[2:]]))
    trial = backend.start(job, tmp_path / "run")
    assert trial.end() == BAD_DATA
    assert reason in trial.events("error")[-1]["reason"]
    assert trial.stderr().splitlines()[-1] == trial.events("error")[-1]["reason"]


def test_a_row_that_is_too_long_is_refused_and_not_cut(backend: Backend, job: dict[str, Any], tmp_path: Path) -> None:
    trial = backend.start({**job, "max_length": 12}, tmp_path / "run")
    assert trial.end() == BAD_DATA
    assert "at most 12 fit" in trial.events("error")[-1]["reason"]


def test_a_run_that_diverges_says_so_and_keeps_no_broken_checkpoint(
    backend: Backend, job: dict[str, Any], tmp_path: Path
) -> None:
    job |= {"learning_rate": 1e30, "lr_scheduler": "constant", "warmup_ratio": 0.0}
    job["checkpoint"]["every_steps"] = 1
    trial = backend.start(job, tmp_path / "run")
    assert trial.end() == DIVERGED
    assert "diverged at step" in trial.events("error")[-1]["reason"]
    assert all(is_whole(p) for p in trial.checkpoints())


def test_a_damaged_checkpoint_is_never_loaded(backend: Backend, job: dict[str, Any], tmp_path: Path) -> None:
    good = backend.start({**job, "max_steps": 5, "num_epochs": 1}, tmp_path / "good").finished().last
    largest = max(manifest(good)["files"], key=lambda f: f["bytes"])["path"]
    body = (good / largest).read_bytes()
    for name, broken in (("cut", body[:-1]), ("flipped", body[:-1] + bytes([body[-1] ^ 1]))):
        (good / largest).write_bytes(broken)
        trial = backend.start({**job, "resume_from": str(good)}, tmp_path / name)
        assert trial.end() == CRASHED
        assert "is not whole" in trial.events("error")[-1]["reason"]
        assert trial.events("step") == []
    (good / "manifest.json").unlink()
    assert backend.start({**job, "resume_from": str(good)}, tmp_path / "half").end() == BAD_CONFIG


def test_a_checkpoint_of_other_rows_is_refused(backend: Backend, job: dict[str, Any], tmp_path: Path) -> None:
    first = backend.start({**job, "max_steps": 5, "num_epochs": 1}, tmp_path / "first").finished()
    job["train"] = str(write_rows(tmp_path / "other.jsonl", 23, 1))
    trial = backend.start({**job, "resume_from": str(first.last)}, tmp_path / "second")
    assert trial.end() == BAD_CONFIG
    assert "rows was 22 and is 23" in trial.events("error")[-1]["reason"]


@pytest.mark.parametrize(
    ("tuning", "precision"), [("lora", "bf16"), ("qlora", "bf16"), ("full", "fp32"), ("full", "bf16")]
)
def test_each_tuning_trains_and_resumes_to_the_same_end(
    backend: Backend, job: dict[str, Any], tmp_path: Path, tuning: str, precision: str
) -> None:
    job |= {"tuning": tuning, "precision": precision, "lora": None if tuning == "full" else job["lora"]}
    straight = backend.start(job, tmp_path / "straight").finished()
    losses = [e["loss"] for e in straight.events("step")]
    assert losses[-1] < losses[0]
    middle = straight.checkpoints()[0]
    assert manifest(middle)["step"] == 5
    resumed = backend.start({**job, "resume_from": str(middle)}, tmp_path / "resumed").finished()
    assert weights(resumed.last) == weights(straight.last)


def test_a_finished_run_that_is_started_again_finishes_at_once(
    backend: Backend, job: dict[str, Any], tmp_path: Path
) -> None:
    first = backend.start(job, tmp_path / "first").finished()
    again = backend.start({**job, "resume_from": str(first.last)}, tmp_path / "again")
    assert again.end() == FINISHED
    assert (again.events("step"), again.events("finished")[-1]["step"]) == ([], 12)
