"""The engine on the trainer's test model, with the flags of the README: answers, adapters at run time, and its end."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fettle_contract.inprocess import end_of

START_SECONDS = 400  # a quiet machine needs 15
ENVIRONMENT = {
    "VLLM_CPU_KVCACHE_SPACE": "1",
    "VLLM_CPU_OMP_THREADS_BIND": "nobind",
    "VLLM_NO_USAGE_STATS": "1",
    "VLLM_ALLOW_RUNTIME_LORA_UPDATING": "True",
    "OMP_NUM_THREADS": "2",
    "OMP_WAIT_POLICY": "passive",
    "HF_HUB_OFFLINE": "1",
    "DO_NOT_TRACK": "1",
}
SHAPES = {"A": (4, 64), "B": (64, 4)}  # of an adapter of rank 4 on a layer of 64 to 64
FLAGS = "--dtype float32 --enforce-eager --block-size 32 --max-model-len 256 --max-num-seqs 4 --generation-config vllm"


@dataclass(frozen=True, slots=True)
class Engine:
    """A running server and its processes, which share one group."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    def post(self, path: str, body: dict[str, Any]) -> tuple[int, str]:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as e:
            return e.code, e.read().decode()
        except OSError as e:
            return 0, str(e)

    def answer(self, model: str, tokens: int = 8) -> tuple[int, str]:
        """Greedy; the text where there is one, else the error."""
        turns = [{"role": "user", "content": "ticket order late"}]
        body = {"model": model, "messages": turns, "max_tokens": tokens, "temperature": 0, "ignore_eos": True}
        status, text = self.post("/v1/chat/completions", body)
        return status, json.loads(text)["choices"][0]["message"]["content"] if status == 200 else text

    def processes(self) -> list[int]:
        """Those that are left of the group; zombies count as gone."""
        return [int(stat[2]) for stat in self._stats() if stat[0] != "Z"]

    def cpu_seconds(self) -> float:
        """Of all its processes so far, user and system."""
        return sum(int(stat[11]) + int(stat[12]) for stat in self._stats()) / os.sysconf("SC_CLK_TCK")

    def _stats(self) -> list[list[str]]:
        """The fields after the name, state first (proc(5)), of every process of the group."""
        stats = (f.read_text().rpartition(")")[2].split() for f in Path("/proc").glob("[0-9]*/stat") if f.exists())
        return [stat for stat in stats if int(stat[2]) == self.process.pid]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from fettle_trainer.__main__ import main

    folder = tmp_path_factory.mktemp("tiny")
    config = {"out": folder, "seed": 1, "vocab_rows": None}
    assert end_of(main, "tiny", config, tmp_path_factory.mktemp("work")).code == 0
    return folder


@pytest.fixture(scope="module")
def adapter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An adapter as PEFT writes it, large enough to change the answer."""
    import torch
    from safetensors.torch import save_file

    folder = tmp_path_factory.mktemp("adapter")
    torch.manual_seed(0)
    name = "base_model.model.model.layers.{}.self_attn.o_proj.lora_{}.weight"
    tensors = {name.format(layer, half): torch.randn(*shape) for layer in (0, 1) for half, shape in SHAPES.items()}
    save_file(tensors, folder / "adapter_model.safetensors")
    config = {"peft_type": "LORA", "r": 4, "lora_alpha": 8, "target_modules": ["o_proj"], "bias": "none"}
    (folder / "adapter_config.json").write_text(json.dumps(config))
    return folder


@pytest.fixture(scope="module")
def engine(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path_factory.mktemp("engine") / "log"
    flags = [*FLAGS.split(), "--enable-lora", "--max-lora-rank", "8", "--served-model-name", "base"]
    command = [sys.executable, "-m", "fettle_serve", "--model", str(tiny), "--host", "127.0.0.1", "--port", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, *flags],
            env=os.environ | ENVIRONMENT,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    engine = Engine(process, port, log)
    try:
        _await_token(engine)
        yield engine
    finally:
        if engine.processes():
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _await_token(engine: Engine) -> None:
    """Ready is a generated token: models that cannot be computed are listed all the same."""
    deadline = time.monotonic() + START_SECONDS
    while engine.answer("base", tokens=1)[0] != 200:
        assert engine.process.poll() is None, engine.log.read_text(errors="replace")[-3000:]
        assert time.monotonic() < deadline, engine.log.read_text(errors="replace")[-3000:]
        time.sleep(0.5)


def test_greedy_answers_repeat(engine: Engine) -> None:
    first, second = engine.answer("base"), engine.answer("base")

    assert first[0] == 200
    assert first == second


def test_between_answers_no_process_polls(engine: Engine) -> None:
    engine.answer("base")
    before = engine.cpu_seconds()
    time.sleep(0.6)  # vLLM's own would poll for a second: 1.2 s of CPU in two processes

    assert engine.cpu_seconds() - before < 0.5


def test_an_adapter_comes_answers_and_goes_at_run_time(engine: Engine, adapter: Path) -> None:
    loaded = engine.post("/v1/load_lora_adapter", {"lora_name": "tuned@1", "lora_path": str(adapter)})
    assert loaded[0] == 200, loaded

    with urllib.request.urlopen(f"http://127.0.0.1:{engine.port}/v1/models", timeout=30) as answer:
        parents = {model["id"]: model["parent"] for model in json.load(answer)["data"]}
    assert parents == {"base": None, "tuned@1": "base"}
    status, tuned = engine.answer("tuned@1")
    assert status == 200
    assert tuned != engine.answer("base")[1], "an adapter that an engine does not understand answers as the base"

    assert engine.post("/v1/unload_lora_adapter", {"lora_name": "tuned@1"})[0] == 200
    assert engine.answer("tuned@1")[0] == 404


def test_base_and_adapter_answer_in_one_batch_as_they_do_alone(engine: Engine, adapter: Path) -> None:
    """vLLM's own CPU wrapper gives the adapter to the base's tokens too."""
    assert engine.post("/v1/load_lora_adapter", {"lora_name": "tuned@2", "lora_path": str(adapter)})[0] == 200
    alone = {model: engine.answer(model, tokens=48) for model in ("base", "tuned@2")}
    with ThreadPoolExecutor(4) as pool:
        asked = [*alone] * 2
        together = list(pool.map(lambda model: engine.answer(model, tokens=48), asked))
    engine.post("/v1/unload_lora_adapter", {"lora_name": "tuned@2"})

    assert together == [alone[model] for model in asked]


def test_an_engine_that_is_killed_leaves_no_process(engine: Engine) -> None:
    """The last test of the module: it ends the engine."""
    assert len(engine.processes()) >= 3

    engine.process.kill()

    engine.process.wait()
    deadline = time.monotonic() + 20
    while engine.processes() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert engine.processes() == []
