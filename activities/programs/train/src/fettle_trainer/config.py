"""The configurations of the verbs. Steps are optimizer steps, lengths are tokens, times are seconds."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from fettle_contract import bounded


@dataclass(frozen=True, slots=True)
class LoraSettings:
    r: int = bounded(least=1)
    alpha: float = bounded(above=0)
    dropout: float = bounded(least=0, below=1, default=0.05)
    target_modules: tuple[str, ...] | str = "all-linear"
    use_rslora: bool = False


@dataclass(frozen=True, slots=True)
class EarlyStopping:
    """Ends training once the dev loss has not fallen by more than `min_delta` for `patience` evaluations running."""

    patience: int = bounded(least=1)
    min_delta: float = bounded(least=0, default=0.0)


@dataclass(frozen=True, slots=True)
class CheckpointCadence:
    """A checkpoint after so many steps or so many seconds, whichever is first, never within `min_seconds`."""

    every_steps: int = bounded(least=1, default=500)
    every_seconds: float = bounded(above=0, default=900.0)
    min_seconds: float = bounded(least=0, default=30.0)


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """One lease of one run. `learning_rate` is reached after warm-up; `max_steps` counts from the run's start.

    `train` is a file of rows, or an index of shards (`.json`) with the shards beside it or, one by one, in `streamed`.
    """

    run: str
    lease: int
    base_model: Path
    train: Path
    tuning: Literal["lora", "qlora", "full"]
    precision: Literal["bf16", "fp32"]
    max_length: int = bounded(least=8)
    global_batch_size: int = bounded(least=1)
    micro_batch_size: int = bounded(least=1)
    learning_rate: float = bounded(above=0)
    num_epochs: float = bounded(above=0)
    max_steps: int = bounded(least=1)
    seed: int = bounded(least=0)
    dev: Path | None = None
    lora: LoraSettings | None = None
    gradient_checkpointing: bool = True
    chunked_loss: bool = False
    lr_scheduler: Literal["cosine", "linear", "constant", "constant_with_warmup"] = "cosine"
    warmup_ratio: float = bounded(least=0, below=1, default=0.05)
    weight_decay: float = bounded(least=0, default=0.0)
    max_grad_norm: float = bounded(least=0, default=1.0)
    threads: int | None = bounded(least=1, default=None)
    eval_every_steps: int | None = bounded(least=1, default=None)
    early_stopping: EarlyStopping | None = None
    checkpoint: CheckpointCadence = CheckpointCadence()
    resume_from: Path | None = None
    interval_file: Path | None = None
    base_model_id: str | None = None
    streamed: Path | None = None

    def problems(self) -> list[str]:
        found = []
        if self.tuning == "full" and self.lora:
            found.append("lora is given; tuning full has no adapter: leave lora out or choose tuning lora")
        if self.tuning != "full" and not self.lora:
            found.append(f"lora is missing; tuning {self.tuning} needs its r and alpha")
        if self.micro_batch_size > self.global_batch_size:
            found.append(
                f"micro_batch_size is {self.micro_batch_size}; at most global_batch_size, {self.global_batch_size}"
            )
        if self.early_stopping and not (self.dev and self.eval_every_steps):
            found.append("early_stopping is given; it needs dev rows and eval_every_steps")
        if not (self.base_model / "config.json").is_file():
            found.append(f"base_model {self.base_model} holds no config.json; a model folder is expected")
        rows = {"train": self.train, "dev": self.dev}
        found += [f"{key} {path} is not a file" for key, path in rows.items() if path and not path.is_file()]
        if self.resume_from and not (self.resume_from / "manifest.json").is_file():
            found.append(f"resume_from {self.resume_from} holds no manifest.json: not a whole checkpoint")
        return found


@dataclass(frozen=True, slots=True)
class RenderConfig:
    """Rows as the trainer would see them. `chat_template` is Jinja text that stands in for the model's own."""

    model: Path
    rows: Path
    out: Path
    max_length: int = bounded(least=8)
    chat_template: str | None = None

    def problems(self) -> list[str]:
        found = [] if self.rows.is_file() else [f"rows {self.rows} is not a file"]
        return found + _no_tokenizer(self.model)


@dataclass(frozen=True, slots=True)
class TemplateConfig:
    """A model's tokenizer and template, described for a counter; `tokenizer` is the file that it is written to."""

    model: Path
    tokenizer: Path
    chat_template: str | None = None

    def problems(self) -> list[str]:
        return _no_tokenizer(self.model)


def _no_tokenizer(model: Path) -> list[str]:
    if (model / "tokenizer_config.json").is_file():
        return []
    return [f"model {model} holds no tokenizer_config.json; a model folder is expected"]


@dataclass(frozen=True, slots=True)
class ScoreConfig:
    """Rows to score with a base model. `batch_tokens` counts padding; longer rows than `max_length` are not scored."""

    model: Path
    rows: Path
    out: Path
    max_length: int = bounded(least=8, default=4_096)
    chat_template: str | None = None
    precision: Literal["bf16", "fp32"] = "fp32"
    batch_tokens: int = bounded(least=8, default=4_096)
    threads: int | None = bounded(least=1, default=None)

    def problems(self) -> list[str]:
        found = []
        if not self.rows.is_file():
            found.append(f"rows {self.rows} is not a file")
        if not (self.model / "config.json").is_file():
            found.append(f"model {self.model} holds no config.json; a model folder is expected")
        return found


@dataclass(frozen=True, slots=True)
class TinyConfig:
    """A model for tests: random weights, a tokenizer trained on the spot on `vocab_rows` or on built-in words."""

    out: Path
    seed: int = 0
    vocab_rows: Path | None = None
