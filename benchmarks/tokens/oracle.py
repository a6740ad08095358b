"""Hugging Face's tokenizers as oracle and peer of the token counts.

oracle.py make FOLDER FAMILY=FILE ...   tokenizer.json of each family, as FOLDER/FAMILY.json
oracle.py count TOKENIZER TEXTS OUT     a count a line, of texts that are a JSON string a line
oracle.py speed TOKENIZER TEXTS         for each line of its input the seconds of one pass over the texts
"""

import base64
import json
import os
import shutil
import sys
import time
from pathlib import Path
from typing import Any

PATTERN = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}%s| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
DIGITS = {"qwen": "", "llama3": "{1,3}"}
ADDED = {
    "gpt2": ("<|endoftext|>",),
    "qwen": ("<|endoftext|>", "<|im_start|>", "<|im_end|>"),
    "llama3": ("<|begin_of_text|>", "<|end_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"),
}


def make(folder: Path, families: dict[str, Path]) -> None:
    for family, file in families.items():
        if file.suffix == ".json":
            shutil.copyfile(file, folder / f"{family}.json")
        else:
            of_ranks(family, file).save(str(folder / f"{family}.json"))


def of_ranks(family: str, file: Path) -> Any:
    """A tokenizer of a file of ranks: each pair of tokens that makes a token merges, the lowest rank first."""
    from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers

    ranks = {base64.b64decode(t): int(r) for t, r in (line.split() for line in file.read_bytes().splitlines())}
    merges = sorted(
        (rank, ranks[token[:cut]], ranks[token[cut:]], written(token[:cut]), written(token[cut:]))
        for token, rank in ranks.items()
        for cut in range(1, len(token))
        if token[:cut] in ranks and token[cut:] in ranks
    )
    vocabulary = {written(token): rank for token, rank in ranks.items()}
    bpe = models.BPE(vocabulary, [(left, right) for *_, left, right in merges], ignore_merges=family == "llama3")
    tokenizer = Tokenizer(bpe)
    if family == "qwen":
        tokenizer.normalizer = normalizers.NFC()
    if family == "gpt2":
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    else:
        split = pre_tokenizers.Split(Regex(PATTERN % DIGITS[family]), "isolated")
        rest = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence([split, rest])
    tokenizer.add_special_tokens([AddedToken(text, normalized=False, special=True) for text in ADDED[family]])
    return tokenizer


def letters() -> dict[int, str]:
    """GPT-2's letters of bytes: those that can be seen as themselves, the others from U+0100 on."""
    seen = [*range(ord("!"), ord("~") + 1), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [value for value in range(256) if value not in seen]
    return {value: chr(value) for value in seen} | {value: chr(256 + i) for i, value in enumerate(others)}


LETTERS = letters()


def written(token: bytes) -> str:
    return "".join(LETTERS[value] for value in token)


def read(texts: Path) -> list[str]:
    return [json.loads(line) for line in texts.read_text("utf-8").split("\n") if line]


def count(tokenizer: Any, texts: list[str], out: Path) -> None:
    encoded = tokenizer.encode_batch(texts, add_special_tokens=False)
    out.write_text("".join(f"{len(each.ids)}\n" for each in encoded))


def speed(tokenizer: Any, texts: list[str]) -> None:
    for _ in sys.stdin:
        begin = time.process_time()
        tokenizer.encode_batch_fast(texts, add_special_tokens=False)
        print(time.process_time() - begin, flush=True)


def main(verb: str, *rest: str) -> None:
    os.environ["TOKENIZERS_PARALLELISM"] = "false"  # one core
    from tokenizers import Tokenizer

    if verb == "make":
        make(Path(rest[0]), {family: Path(file) for family, file in (each.split("=", 1) for each in rest[1:])})
    elif verb == "count":
        count(Tokenizer.from_file(rest[0]), read(Path(rest[1])), Path(rest[2]))
    else:
        speed(Tokenizer.from_file(rest[0]), read(Path(rest[1])))


if __name__ == "__main__":
    main(*sys.argv[1:])
