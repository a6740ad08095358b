"""`python -m fettle_trainer train|render|tiny --config FILE.json --workdir DIR`."""

import sys

from fettle_contract import Verb, Workdir, run

from fettle_trainer.config import RenderConfig, TinyConfig, TrainConfig


def train(config: TrainConfig, workdir: Workdir) -> int:
    from fettle_trainer.train import train as body

    return body(config, workdir)


def render(config: RenderConfig, workdir: Workdir) -> int:
    from fettle_trainer.render import render as body

    return body(config, workdir)


def tiny(config: TinyConfig, workdir: Workdir) -> int:
    from fettle_trainer.tiny import tiny as body

    return body(config, workdir)


def main(arguments: list[str] | None = None) -> int:
    verbs = {"train": Verb(TrainConfig, train), "render": Verb(RenderConfig, render), "tiny": Verb(TinyConfig, tiny)}
    return run("fettle_trainer", verbs, arguments)


if __name__ == "__main__":
    sys.exit(main())
