"""TRL's SFTTrainer with the model, the optimizer and the loss; Fettle's loop drives it a step at a time.

The trainer's own loop is not used: its sampler, its skipping of batches and its checkpoint layout cannot promise that
an interrupted run ends where an uninterrupted one does.
"""

import fettle_trainer.offline  # noqa: F401, I001  before any library that reads it

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset
from peft import LoraConfig, get_peft_model_state_dict, set_peft_model_state_dict
from safetensors.torch import load_file, save_file
from torch.nn.functional import cross_entropy
from transformers import AutoModelForCausalLM, BitsAndBytesConfig, set_seed
from trl import SFTConfig, SFTTrainer

from fettle_contract import Failure
from fettle_trainer.config import TrainConfig
from fettle_trainer.encoding import IGNORED, Example

STATE = "trainer/state.pt"
ADAPTER = "adapter"
MODEL = "model"


@dataclass(frozen=True, slots=True)
class Step:
    """`loss` in nats per supervised token; `tokens` without padding."""

    loss: float
    grad_norm: float
    learning_rate: float
    tokens: int


class Engine(SFTTrainer):
    """One optimizer step at a time over rows that the caller chooses."""

    def __init__(self, config: TrainConfig, tokenizer: Any, scratch: Path, shape: Example) -> None:
        self.run = config
        set_seed(config.seed)
        super().__init__(
            model=_model(config),
            args=_arguments(config, scratch),
            # TRL asks for rows when it is made; the loop brings its own
            train_dataset=Dataset.from_list([{"input_ids": shape.input_ids, "labels": shape.labels}]),
            processing_class=tokenizer,
            peft_config=_adapter(config),
        )
        for parameter in self.model.parameters():
            if parameter.requires_grad:  # TRL makes QLoRA's adapters bf16, in which small updates are lost
                parameter.data = parameter.data.float()
        _keep_quantized_weights(self.model)
        self.loss_is_scaled_for_ga = True  # the loss is divided by the whole step's tokens
        self._tiled = config.chunked_loss or self.accelerator.num_processes > 1 or _has_scaled_head(self.model.config)
        self.model_wrapped, _ = self._prepare_for_training(config.max_steps, None, None)
        self.accelerator.gradient_state._set_sync_gradients(True)
        self.model_wrapped.zero_grad()

    def advance(self, batch: Sequence[Example]) -> Step:
        """One optimizer step. How the batch is cut into micro-batches changes nothing but the order of sums."""
        items = sum(example.supervised for example in batch)
        loss = sum(
            float(self.training_step(self.model_wrapped, self._collated(chunk), num_items_in_batch=items))
            for chunk in self._chunks(batch)
        )
        bound = self.run.max_grad_norm or math.inf
        grad_norm = float(self.accelerator.clip_grad_norm_(self.model_wrapped.parameters(), bound))
        learning_rate = self.lr_scheduler.get_last_lr()[0]
        if math.isfinite(loss) and math.isfinite(grad_norm):
            self.optimizer.step()
            self.lr_scheduler.step()
        self.model_wrapped.zero_grad()
        return Step(loss, grad_norm, learning_rate, sum(len(example.input_ids) for example in batch))

    def compute_loss(
        self, model: Any, inputs: dict[str, Any], return_outputs: bool = False, num_items_in_batch: Any = None
    ) -> Any:
        """Summed cross entropy over `num_items_in_batch`; logits[supervised, vocabulary] of supervised tokens alone.

        TRL's own, in tiles, holds less at once but on a CPU it scores every position, half as dear again a step.
        """
        if self._tiled:
            for gathered in self._metrics.values():  # for TRL's log, which is never written
                gathered.clear()
            return super().compute_loss(model, inputs, return_outputs, num_items_in_batch)
        causal = self.model if self.run.tuning == "full" else self.model.get_base_model()
        with self.accelerator.autocast():
            hidden = causal.get_decoder()(
                input_ids=inputs["input_ids"], attention_mask=inputs["attention_mask"], use_cache=False
            ).last_hidden_state
            labels = inputs["labels"][:, 1:]
            counted = labels != IGNORED
            logits = causal.get_output_embeddings()(hidden[:, :-1][counted])
        return cross_entropy(logits.float(), labels[counted], reduction="sum") / num_items_in_batch

    def dev_loss(self, examples: Sequence[Example], given_up: Callable[[], bool]) -> float | None:
        """Nats per supervised token over all examples; None if given up between two batches."""
        self.model.eval()
        items = sum(example.supervised for example in examples)
        total = 0.0
        with torch.no_grad():
            for chunk in self._chunks(examples):
                if given_up():
                    return None
                inputs = self._prepare_inputs(self._collated(chunk))
                total += float(self.compute_loss(self.model_wrapped, inputs, num_items_in_batch=items))
        return total

    def save(self, folder: Path) -> None:
        """Weights in the usual layout, and beside them what a resumed run needs to go on as if never stopped."""
        if self.run.tuning == "full":
            self.accelerator.unwrap_model(self.model).save_pretrained(folder / MODEL)
            self.processing_class.save_pretrained(folder / MODEL)
        else:
            self._save_adapter(folder / ADAPTER)
        (folder / STATE).parent.mkdir(parents=True)
        state = {
            "optimizer": self.optimizer.state_dict(),
            "scheduler": self.lr_scheduler.state_dict(),
            "rng": torch.get_rng_state(),
            "rng_cuda": torch.cuda.get_rng_state_all() if torch.cuda.is_available() else [],
        }
        torch.save(state, folder / STATE)

    def restore(self, folder: Path) -> None:
        """Loads into the model and optimizer that exist; full weights came with the model itself."""
        if self.run.tuning != "full":
            weights = load_file(folder / ADAPTER / "adapter_model.safetensors")
            set_peft_model_state_dict(self.model, weights)
            if weights.keys() != self._adapter_weights().keys():
                raise Failure(f"the adapter in {folder.name} has other modules than this configuration")
        state = torch.load(folder / STATE, map_location="cpu", weights_only=True)
        self.optimizer.load_state_dict(state["optimizer"])
        self.lr_scheduler.load_state_dict(state["scheduler"])
        torch.set_rng_state(state["rng"])
        if torch.cuda.is_available() and state["rng_cuda"]:
            torch.cuda.set_rng_state_all(state["rng_cuda"])

    def _save_adapter(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        save_file(self._adapter_weights(), folder / "adapter_model.safetensors", metadata={"format": "pt"})
        adapter = LoraConfig(**self.model.peft_config["default"].to_dict())
        adapter.inference_mode = True
        adapter.base_model_name_or_path = self.run.base_model_id or self.run.base_model.name
        if isinstance(adapter.target_modules, set):  # its order changes with each process, and equal trains end equal
            adapter.target_modules = sorted(adapter.target_modules)
        adapter.save_pretrained(folder)

    def _adapter_weights(self) -> dict[str, torch.Tensor]:
        # an explicit bool: "auto" would look for the base model's configuration at a path that may be gone
        weights = get_peft_model_state_dict(self.model, save_embedding_layers=False)
        return {name: tensor.detach().cpu().contiguous() for name, tensor in weights.items()}

    def _chunks(self, examples: Sequence[Example]) -> list[Sequence[Example]]:
        """Micro-batches of like lengths: less padding, and the sum over a step does not depend on the order."""
        ordered = sorted(examples, key=lambda example: len(example.input_ids))
        size = self.run.micro_batch_size
        return [ordered[i : i + size] for i in range(0, len(ordered), size)]

    def _collated(self, chunk: Sequence[Example]) -> Any:
        return self.data_collator([{"input_ids": e.input_ids, "labels": e.labels} for e in chunk])


def _model(config: TrainConfig) -> Any:
    """The base in the precision it is held in; what is trained is fp32 either way, under bf16 autocast."""
    held = torch.bfloat16 if config.precision == "bf16" and config.tuning != "full" else torch.float32
    quantization = None
    if config.tuning == "qlora":
        quantization = BitsAndBytesConfig(
            load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_use_double_quant=True, bnb_4bit_compute_dtype=held
        )
    resumed = config.resume_from if config.tuning == "full" else None
    return AutoModelForCausalLM.from_pretrained(
        resumed / MODEL if resumed else config.base_model,
        dtype=held,
        quantization_config=quantization,
        device_map={"": 0} if torch.cuda.is_available() else None,
        local_files_only=True,
        trust_remote_code=False,
        use_safetensors=True,
    )


def _has_scaled_head(config: Any) -> bool:
    """Heads that scale or cap their logits, and routers with a loss of their own: TRL knows them all."""
    text = config.get_text_config()
    scales = ("logit_scale", "logits_scaling", "output_multiplier", "lm_head_multiplier", "final_logit_softcapping")
    return any(getattr(text, scale, None) is not None for scale in (*scales, "output_router_logits"))


def _keep_quantized_weights(model: torch.nn.Module) -> None:
    """On a CPU with AVX512-BF16 bitsandbytes repacks 4-bit weights at the first evaluation, rounding their scales to
    bf16 for good: training would go on from another base model, and an evaluation would change the result.
    """
    for module in model.modules():
        if hasattr(module, "support_avx512bf16_for_cpu"):
            module.support_avx512bf16_for_cpu = False


def _adapter(config: TrainConfig) -> LoraConfig | None:
    if config.lora is None:
        return None
    targets = config.lora.target_modules
    return LoraConfig(
        r=config.lora.r,
        lora_alpha=config.lora.alpha,
        lora_dropout=config.lora.dropout,
        target_modules=targets if isinstance(targets, str) else list(targets),
        use_rslora=config.lora.use_rslora,
        task_type="CAUSAL_LM",
    )


def _arguments(config: TrainConfig, scratch: Path) -> SFTConfig:
    return SFTConfig(
        output_dir=str(scratch),
        per_device_train_batch_size=config.micro_batch_size,
        learning_rate=config.learning_rate,
        lr_scheduler_type=config.lr_scheduler,
        warmup_steps=math.ceil(config.warmup_ratio * config.max_steps),
        weight_decay=config.weight_decay,
        max_grad_norm=config.max_grad_norm,
        gradient_checkpointing=config.gradient_checkpointing,
        gradient_checkpointing_kwargs={"use_reentrant": False} if config.gradient_checkpointing else None,
        bf16=config.precision == "bf16",
        seed=config.seed,
        use_cpu=not torch.cuda.is_available(),
        logging_nan_inf_filter=False,  # it would report a NaN as the mean of the losses before
        packing=False,
        max_length=None,
        shuffle_dataset=False,
        dataset_kwargs={"skip_prepare_dataset": True},
        save_strategy="no",
        report_to="none",
        disable_tqdm=True,
    )
