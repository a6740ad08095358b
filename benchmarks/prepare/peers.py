"""Another tool's signatures: `peers.py TOOL ROWS TRIALS`; ROWS holds a text a line, in JSON. One thread, from words on.

All get the shingles that Fettle compares: sets of word 5-grams, words being runs of letters and digits after NFC and
case folding. All make 126 values, which is what 21 keys of 6 take. Prints seconds of each trial, bytes and rows.
"""

import json
import os
import sys
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path

os.environ["RAYON_NUM_THREADS"] = "1"  # before rensa is loaded

import regex

BANDS, WIDTH, WORDS = 21, 6, 5
BATCH = 1_000
WORD = regex.compile(r"[\p{L}\p{Nd}]+")


def shingles(text: str) -> set[str]:
    words = WORD.findall(unicodedata.normalize("NFC", text).casefold())
    if len(words) < WORDS:
        return {" ".join(words)} if words else set()
    return {" ".join(words[i : i + WORDS]) for i in range(len(words) - WORDS + 1)}


def datasketch() -> Callable[[list[str]], None]:
    from datasketch import MinHash

    def sign(texts: list[str]) -> None:
        for _ in MinHash.generator(([s.encode() for s in shingles(text)] for text in texts), num_perm=BANDS * WIDTH):
            pass

    return sign


def datatrove() -> Callable[[list[str]], None]:
    import numpy as np
    from datatrove.pipeline.dedup.minhash import MinhashConfig, MinhashDedupSignature
    from datatrove.utils.hashing import create_hash_func

    # Its first stage without its reader, its writer and its own tokenizer, whose words are not ours.
    stage = MinhashDedupSignature.__new__(MinhashDedupSignature)
    stage.config = MinhashConfig(n_grams=WORDS, num_buckets=BANDS, hashes_per_bucket=WIDTH)
    stage.num_hashes = BANDS * WIDTH
    stage._parameters = None
    hashed = create_hash_func(stage.config.hash_config)

    def sign(texts: list[str]) -> None:
        for text in texts:
            row = np.fromiter([hashed(s) for s in shingles(text)], dtype=np.uint64).reshape((-1, 1))
            if row.size:
                stage.get_signature(row)

    return sign


def rensa() -> Callable[[list[str]], None]:
    from rensa import RMinHash

    def sign(texts: list[str]) -> None:
        for start in range(0, len(texts), BATCH):
            sets = [list(shingles(text)) for text in texts[start : start + BATCH]]
            RMinHash.digest_matrix_from_token_sets(sets, BANDS * WIDTH, 42)  # the plain path, not the sampling one

    return sign


def main(tool: str, rows: Path, trials: int) -> None:
    texts = [json.loads(line) for line in rows.read_text().splitlines()]
    sign = {"datasketch": datasketch, "datatrove": datatrove, "rensa": rensa}[tool]()
    sign(texts[:BATCH])
    seconds = []
    for _ in range(trials):
        start = time.perf_counter()
        sign(texts)
        seconds.append(time.perf_counter() - start)
    print(json.dumps({"seconds": seconds, "bytes": sum(len(text.encode()) for text in texts), "rows": len(texts)}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
