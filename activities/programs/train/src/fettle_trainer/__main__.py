"""`python -m fettle_trainer train|render|score|template|tiny --config FILE.json --workdir DIR`."""

import sys

from fettle_contract import Verb, Workdir, run

from fettle_trainer.config import RenderConfig, ScoreConfig, TemplateConfig, TinyConfig, TrainConfig


def train(config: TrainConfig, workdir: Workdir) -> int:
    from fettle_trainer.train import train as body

    return body(config, workdir)


def render(config: RenderConfig, workdir: Workdir) -> int:
    from fettle_trainer.render import render as body

    return body(config, workdir)


def template(config: TemplateConfig, workdir: Workdir) -> int:
    from fettle_trainer.template import template as body

    return body(config, workdir)


def score(config: ScoreConfig, workdir: Workdir) -> int:
    from fettle_trainer.score import score as body

    return body(config, workdir)


def tiny(config: TinyConfig, workdir: Workdir) -> int:
    from fettle_trainer.tiny import tiny as body

    return body(config, workdir)


def main(arguments: list[str] | None = None) -> int:
    verbs = {
        "train": Verb(TrainConfig, train),
        "render": Verb(RenderConfig, render),
        "template": Verb(TemplateConfig, template),
        "score": Verb(ScoreConfig, score),
        "tiny": Verb(TinyConfig, tiny),
    }
    return run("fettle_trainer", verbs, arguments)


if __name__ == "__main__":
    sys.exit(main())
