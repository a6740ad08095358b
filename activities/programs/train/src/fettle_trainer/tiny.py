"""`tiny`: a Llama of two layers with random weights, for tests only; vLLM serves no head_dim under 32."""

import random

from fettle_contract import FINISHED, Workdir, tree_of

import fettle_trainer.offline  # noqa: F401  before any library that reads it
from fettle_trainer.config import TinyConfig
from fettle_trainer.rows import read_rows

VOCABULARY = 512
CHATML = (
    "{% for message in messages %}"
    "{% if loop.first and message['role'] != 'system' %}<|im_start|>system\nYou are tiny.<|im_end|>\n{% endif %}"
    "{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n' }}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
WORDS = "ticket order late refund broken login password invoice urgent please help thanks city colour number answer"


def tiny(config: TinyConfig, workdir: Workdir) -> int:
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    core = Tokenizer(models.BPE())
    core.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    core.decoder = decoders.ByteLevel()
    special = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    bpe = trainers.BpeTrainer(vocab_size=VOCABULARY, special_tokens=special, initial_alphabet=alphabet)
    core.train_from_iterator(_texts(config), bpe)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=core, eos_token="<|im_end|>", pad_token="<|endoftext|>", model_max_length=512
    )
    tokenizer.chat_template = CHATML
    torch.manual_seed(config.seed)
    shape = LlamaConfig(
        vocab_size=VOCABULARY,
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        head_dim=32,
        max_position_embeddings=512,
        tie_word_embeddings=True,
        bos_token_id=None,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    model = LlamaForCausalLM(shape).to(torch.bfloat16)
    model.generation_config.eos_token_id = tokenizer.eos_token_id
    model.save_pretrained(config.out)
    tokenizer.save_pretrained(config.out)
    workdir.result({"files": tree_of(config.out), "parameters": model.num_parameters(), "vocabulary": len(tokenizer)})
    return FINISHED


def _texts(config: TinyConfig) -> list[str]:
    if config.vocab_rows is None:
        draw = random.Random(config.seed)
        return [" ".join(draw.choices(WORDS.split(), k=8)) for _ in range(200)]
    return [message["content"] for row in read_rows(config.vocab_rows) for message in row.messages]
