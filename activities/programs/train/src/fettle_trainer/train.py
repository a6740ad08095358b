"""`train`: from rows and a base model to checkpoints, an optimizer step at a time."""

import sys
from importlib.metadata import version
from time import monotonic
from typing import TYPE_CHECKING

from fettle_contract import FINISHED, STOPPED, BadConfig, Workdir

import fettle_trainer.offline  # noqa: F401  before any library that reads it
from fettle_trainer.cadence import Cadence
from fettle_trainer.checkpoint import read_manifest, remove_drafts, write_checkpoint
from fettle_trainer.config import TrainConfig
from fettle_trainer.encoding import Encoder, Example
from fettle_trainer.order import Order
from fettle_trainer.requests import Requests
from fettle_trainer.shards import TrainingRows, examples
from fettle_trainer.verdict import Verdict

if TYPE_CHECKING:
    from fettle_trainer.engine import Engine

PACKAGES = ("torch", "transformers", "trl", "peft", "accelerate", "bitsandbytes")
SHAPE = Example("shape", [0, 0], [0, 0], ends_with_eot=True)


def train(config: TrainConfig, workdir: Workdir) -> int:
    requests = Requests()
    workdir.events.beat()
    run = Run(config, workdir, requests)
    return run.to_the_end()


class Run:
    """The loop. Everything that a resumed run must continue is in `engine`, `verdict` and the step itself."""

    def __init__(self, config: TrainConfig, workdir: Workdir, requests: Requests) -> None:
        self.config, self.events, self.workdir, self.requests = config, workdir.events, workdir, requests
        self.folder = workdir.path / "checkpoints"
        remove_drafts(self.folder)
        manifest = read_manifest(config.resume_from) if config.resume_from else None
        encoder = Encoder(config.base_model, config.max_length)
        self.train_rows = TrainingRows(encoder, config.train, config.streamed)
        self.dev_rows = examples(encoder, config.dev) if config.dev else []
        self.order = Order(
            len(self.train_rows),
            config.global_batch_size,
            config.seed,
            config.num_epochs,
            config.max_steps,
            self.train_rows.shards,
        )
        self.step: int = manifest["step"] if manifest else 0
        self.verdict = Verdict.of(manifest["verdict"]) if manifest else Verdict()
        if manifest:
            _refuse_another_order(manifest["order"], self._order_of_rows())
        self.engine = self._engine(encoder)
        self.cadence = Cadence(config.checkpoint, config.interval_file, self.step)
        self.dev_loss: float | None = None
        self.best = False

    def to_the_end(self) -> int:
        self.events.enter("step")
        self.events.emit("started", step=self.step, max_steps=self.config.max_steps, rows=len(self.train_rows))
        while not self._boundary():
            if self.train_rows.ready(self.order, self.step, self.events, lambda: self.requests.stop):
                self._advance()
        return STOPPED if self.requests.stop and not self._done() else self._finished()

    def _boundary(self) -> bool:
        """Between two steps: evaluate, save, look at what was asked for. True where the loop ends."""
        self.dev_loss, self.best = None, False
        if self._evaluation_due():
            self._evaluate()
        done, asked = self._done(), self.requests.take_checkpoint()
        if done or self.requests.stop:
            reason = "requested" if not done else "finished" if self.step >= self.config.max_steps else "early_stopping"
            self.events.emit("stopping", reason=reason, step=self.step)
        if (
            asked
            or done
            or self.requests.stop
            or (self.best and self.config.early_stopping)
            or self.cadence.due(self.step)
        ):
            self._save()
        return done or self.requests.stop

    def _done(self) -> bool:
        """A last evaluation that a stop cut short is made up for first: it decides which checkpoint is best."""
        every_step = self.step >= self.config.max_steps and not self._evaluation_due()
        return every_step or self.verdict.exhausted(self.config.early_stopping)

    def _advance(self) -> None:
        began = monotonic()
        batch = self.train_rows.of(self.order, self.step)
        step = self.engine.advance(batch)
        self.step += 1
        seconds = monotonic() - began
        self.events.emit(
            "step",
            step=self.step,
            loss=step.loss,
            grad_norm=step.grad_norm,
            learning_rate=step.learning_rate,
            epoch=round(self.order.epoch(self.step), 4),
            tokens=step.tokens,
            tokens_per_second=round(step.tokens / seconds, 1),
            seconds=round(seconds, 3),
        )
        self.verdict.stepped(self.step, step.loss, step.grad_norm)

    def _evaluation_due(self) -> bool:
        """Also where a stop cut the evaluation of this step short, or the run ends between two evaluations."""
        every = self.config.eval_every_steps
        if not every or self.step == 0 or self.verdict.evaluated_at == self.step:
            return False
        return self.step % every == 0 or self.step >= self.config.max_steps

    def _evaluate(self) -> None:
        if self.requests.stop:
            return
        loss = None
        if self.dev_rows:
            with self.events.during("eval"):
                loss = self.engine.dev_loss(self.dev_rows, lambda: self.requests.stop)
            if loss is None:
                return
        self.best = self.verdict.evaluated(self.step, loss, self.config.early_stopping)
        self.dev_loss = loss
        if loss is not None:
            self.events.emit("eval", step=self.step, dev_loss=loss, best_step=self.verdict.best_step)

    def _save(self) -> None:
        if self.step == self.cadence.step and not self.best:  # nothing new since the last one, or since the start
            return
        began = monotonic()
        about = {
            "epoch": self.order.epoch(self.step),
            "max_steps": self.config.max_steps,
            "dev_loss": self.dev_loss,
            "best": self.best,
            "train_loss": self.verdict.train_loss,
            "order": self._order_of_rows(),
            "verdict": self.verdict.saved(),
            "trainer": {name: version(name) for name in PACKAGES},
        }
        with self.events.during("save"):
            saved = write_checkpoint(self.folder, self.step, about, self.engine.save)
        self.cadence.saved(self.step)
        self.events.emit(
            "checkpoint",
            step=self.step,
            path=str(saved.path.relative_to(self.workdir.path)),
            seconds=round(monotonic() - began, 3),
            bytes=saved.bytes,
            dev_loss=self.dev_loss,
            best=self.best,
        )

    def _finished(self) -> int:
        end = {
            "step": self.step,
            "best_step": self.verdict.best_step,
            "best_dev_loss": self.verdict.best_loss,
            "stopped_early": self.step < self.config.max_steps,
        }
        self.events.emit("finished", **end)
        self.workdir.result(end)
        return FINISHED

    def _engine(self, encoder: Encoder) -> "Engine":
        if self.config.tuning != "qlora":  # PEFT imports it wherever it finds it, and a second of CPU with it
            sys.modules.setdefault("bitsandbytes", None)  # type: ignore[arg-type]
        import torch

        from fettle_trainer.engine import Engine

        if self.config.threads:
            torch.set_num_threads(self.config.threads)
        engine = Engine(self.config, encoder.tokenizer, self.workdir.path / ".trl", SHAPE)
        torch.manual_seed(self.config.seed)
        if self.config.resume_from:
            engine.restore(self.config.resume_from)
        return engine

    def _order_of_rows(self) -> dict[str, int]:
        order = {"seed": self.order.seed, "rows": self.order.rows, "global_batch_size": self.order.batch}
        if len(self.order.shards) > 1:
            order |= {"shards": len(self.order.shards), "window": self.order.window}
        return order


def _refuse_another_order(then: dict[str, int], now: dict[str, int]) -> None:
    """Another seed, batch or number of rows would visit rows twice and others never."""
    changed = [f"{key} was {then.get(key)} and is {now[key]}" for key in now if then.get(key) != now[key]]
    if changed:
        raise BadConfig("resume_from is a checkpoint of another order of rows: " + ", ".join(changed))
