"""Keeps the trainer's contract without training: events, whole checkpoints, requests at step boundaries, exit codes.

The configuration's `script` says when to misbehave: {"at": STEP, "do": "crash" | "hang" | "exit" | "wait" | "want", "code": N}.
"""

import hashlib
import json
import os
import pathlib
import signal
import sys
import time

config = json.loads(pathlib.Path(sys.argv[1]).read_text())
workdir = pathlib.Path(sys.argv[2])
asked = {"stop": False, "save": False}
signal.signal(signal.SIGTERM, lambda *_: asked.update(stop=True))
signal.signal(signal.SIGUSR1, lambda *_: asked.update(save=True))
signal.signal(signal.SIGUSR2, lambda *_: print("stack of the fake", file=sys.stderr, flush=True))
events = (workdir / "events.jsonl").open("ab", buffering=0)


def emit(event, **fields):
    events.write(json.dumps({"event": event, "time": time.time(), **fields}).encode() + b"\n")


def save(step):
    began = time.monotonic()
    time.sleep(config.get("write_seconds", 0))
    draft = workdir / "checkpoints" / f".draft-{step}"
    (draft / "adapter").mkdir(parents=True)
    body = f"weights of step {step}, from {config['resume_from'] and start}".encode()
    (draft / "adapter" / "adapter_model.safetensors").write_bytes(body)
    entry = {"path": "adapter/adapter_model.safetensors", "bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()}
    dev_loss = abs(step - config["best_at"]) / 10 if config.get("best_at") else None
    manifest = {"format": 1, "step": step, "epoch": step / 10, "max_steps": config["max_steps"], "train_loss": 1.0}
    (draft / "manifest.json").write_text(json.dumps({**manifest, "dev_loss": dev_loss, "best": False, "files": [entry]}))
    draft.rename(workdir / "checkpoints" / f"step-{step:010}")
    seconds = time.monotonic() - began
    emit("checkpoint", step=step, path=f"checkpoints/step-{step:010}", seconds=seconds, dev_loss=dev_loss)


def misbehave(script):
    if script["do"] == "crash":
        os.kill(os.getpid(), signal.SIGKILL)
    if script["do"] == "exit":
        emit("error", code=script["code"], reason=f"the reason of {script['code']}")
        sys.exit(script["code"])
    if script["do"] in ("wait", "want"):
        return wait_for_rows(script)
    while True:
        time.sleep(1)


def wait_for_rows(script):
    """For seconds, or for a shard that nobody has."""
    if script["do"] == "want":
        (workdir / "shards").mkdir(exist_ok=True)
        (workdir / "shards" / "wanted.json").write_text('{"shards": ["00007.jsonl"]}')
    end = time.monotonic() + script.get("seconds", 60)
    while time.monotonic() < end and not asked["stop"]:
        emit("alive", phase="rows")
        time.sleep(0.05)
    emit("alive", phase="step")


step = start = json.loads((pathlib.Path(config["resume_from"]) / "manifest.json").read_text())["step"] if config["resume_from"] else 0
script = config.get("script") or {"at": -1}
emit("started", step=step, max_steps=config["max_steps"])
while step < config["max_steps"] and not asked["stop"]:
    time.sleep(config["seconds"])
    step += 1
    emit("step", step=step, loss=1.0 / step, tokens_per_second=100.0, seconds=config["seconds"])
    if step % config["every"] == 0 or asked["save"]:
        asked["save"] = False
        save(step)
    if step == script["at"]:
        misbehave(script)
if not (workdir / "checkpoints" / f"step-{step:010}").exists() and step > start:
    save(step)
if step < config["max_steps"]:
    emit("stopping", reason="requested", step=step)
    time.sleep(config.get("leave_seconds", 0))
    sys.exit(75)
emit("finished", step=step, stopped_early=False)
