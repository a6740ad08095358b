"""A small all-reduce: `python -m fettle_trainer.allreduce --ranks 8`, a rank a GPU; prints one JSON line.

Bus bandwidth is 2 (n - 1) / n times bytes over seconds, as NCCL's own tests count it.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import torch
import torch.distributed as dist
from torch import multiprocessing

ROUNDS = 5
PATIENCE = timedelta(seconds=60)


def rank(index: int, ranks: int, backend: str, elements: int, folder: str) -> None:
    device = torch.device("cuda", index) if backend == "nccl" else torch.device("cpu")
    if backend == "nccl":
        torch.cuda.set_device(device)
    dist.init_process_group(backend, f"file://{folder}/meet", rank=index, world_size=ranks, timeout=PATIENCE)
    seconds = [once(index, ranks, elements, device) for _ in range(ROUNDS + 1)][1:]  # the first one connects
    if index == 0:
        Path(folder, "seconds").write_text(str(statistics.median(seconds)), encoding="utf-8")
    dist.destroy_process_group()


def once(index: int, ranks: int, elements: int, device: torch.device) -> float:
    """Seconds; the sum of 1 to n must have come to all."""
    values = torch.full((elements,), float(index + 1), device=device)  # fp32[elements]
    synchronize(device)
    start = time.perf_counter()
    dist.all_reduce(values)
    synchronize(device)
    seconds = time.perf_counter() - start
    expected = ranks * (ranks + 1) / 2
    if not bool((values == expected).all()):
        raise ValueError(f"rank {index} got a wrong sum, expected {expected}")
    return seconds


def synchronize(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="fettle_trainer.allreduce")
    parser.add_argument("--ranks", type=int, required=True)
    parser.add_argument("--backend", choices=("nccl", "gloo"), default="nccl")
    parser.add_argument("--mebibytes", type=int, default=64)
    args = parser.parse_args(arguments)
    size = args.mebibytes << 20
    with tempfile.TemporaryDirectory() as folder:
        multiprocessing.spawn(rank, args=(args.ranks, args.backend, size // 4, folder), nprocs=args.ranks)
        seconds = float(Path(folder, "seconds").read_text(encoding="utf-8"))
    bandwidth = 2 * (args.ranks - 1) / args.ranks * size / seconds
    print(json.dumps({"backend": args.backend, "ranks": args.ranks, "bus_bytes_per_second": bandwidth}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
