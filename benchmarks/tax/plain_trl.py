"""The same training in TRL alone: `plain_trl.py MODEL ROWS TRAINING OUT`; ROWS holds {"input_ids", "labels"} a line."""

import json
import math
import sys
import time
from pathlib import Path

import torch
from datasets import Dataset
from peft import LoraConfig
from torch.nn.functional import cross_entropy
from transformers import AutoModelForCausalLM, AutoTokenizer, TrainerCallback, set_seed
from trl import SFTConfig, SFTTrainer

model, rows, out = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[4])
c = json.loads(Path(sys.argv[3]).read_text())
events = (out / "events.jsonl").open("w", buffering=1)


class Events(TrainerCallback):
    def on_step_begin(self, _args, state, _control, **_):
        if state.global_step == 0:
            torch.manual_seed(c["seed"])  # the data loader drew from it when it was made

    def on_log(self, _args, state, _control, logs, **_):
        if "loss" in logs:
            say = {"event": "step", "time": time.time(), "step": state.global_step, "loss": logs["loss"]}
            print(json.dumps(say), file=events)

    def on_save(self, _args, state, _control, **_):
        print(json.dumps({"event": "checkpoint", "step": state.global_step}), file=events)


class SupervisedTokens(SFTTrainer):
    """TRL's own loss scores every position, which would make this arm slower than the training that it stands for."""

    def compute_loss(self, _model, inputs, num_items_in_batch, **_):
        causal, labels = self.model.get_base_model(), inputs["labels"][:, 1:]
        hidden = causal.get_decoder()(inputs["input_ids"], inputs["attention_mask"], use_cache=False).last_hidden_state
        logits = causal.get_output_embeddings()(hidden[:, :-1][labels != -100])
        return cross_entropy(logits.float(), labels[labels != -100], reduction="sum") / num_items_in_batch


torch.set_num_threads(c["threads"])
set_seed(c["seed"])
SupervisedTokens(
    model=AutoModelForCausalLM.from_pretrained(model, dtype=torch.float32),
    processing_class=AutoTokenizer.from_pretrained(model),
    train_dataset=Dataset.from_list([json.loads(row) for row in rows.open()]),
    peft_config=LoraConfig(
        r=c["lora"]["r"],
        lora_alpha=c["lora"]["alpha"],
        lora_dropout=c["lora"]["dropout"],
        target_modules="all-linear",
        task_type="CAUSAL_LM",
    ),
    callbacks=[Events()],
    args=SFTConfig(
        output_dir=str(out),
        max_steps=c["max_steps"],
        per_device_train_batch_size=c["global_batch_size"],
        learning_rate=c["learning_rate"],
        lr_scheduler_type=c["lr_scheduler"],
        warmup_steps=math.ceil(c["warmup_ratio"] * c["max_steps"]),
        gradient_checkpointing=False,
        bf16=False,
        seed=c["seed"],
        use_cpu=True,
        max_length=None,
        train_sampling_strategy="sequential",
        dataset_kwargs={"skip_prepare_dataset": True},
        save_steps=c["checkpoint"]["every_steps"],
        logging_steps=1,
        report_to="none",
        disable_tqdm=True,
    ),
).train()
