from pathlib import Path

import pytest
from fettle_trainer.encoding import Encoder
from fettle_trainer.pieces import NotPiecewise, Piece, Pieces, Trimming, pieces_of

CHATML = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ SAID }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
SAYS = "m['content']"
TRIMS = "m['content'] | trim"
TRIMS_LINES = "m['content'].lstrip('\\n')"
THINKS = "m['content'].split('</think>')[-1]"
SHOUTS = "m['content'] | upper"
COUNTS = "m['content'] ~ loop.index"
ASKS_FOR_A = "'yes' if m['content'] == 'a' else m['content']"
# an empty thought stands before the last answer only, and nothing marks the answers
LAST_THINKS = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n"
    "{% if loop.last and m['role'] == 'assistant' %}<think></think>{% endif %}"
    "{{ m['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
NO_SYSTEM = "{% if messages[0]['role'] == 'system' %}{{ raise_exception('no system') }}{% endif %}"


def of(model: Path, template: str | None) -> Pieces:
    return pieces_of(Encoder(model, 512, template))


def chatml(said: str) -> str:
    return CHATML.replace("SAID", said)


def test_the_models_own_template_is_pieces_with_what_carries_loss(base_model: Path) -> None:
    pieces = of(base_model, None)
    assert pieces.between["start", "user"].text == "<|im_start|>system\nYou are tiny.<|im_end|>\n<|im_start|>user\n"
    assert pieces.between["assistant", "user"] == Piece("<|im_end|>\n", "<|im_start|>user\n")
    assert pieces.between["last", "end"] == Piece("<|im_end|>\n", "")
    assert (len(pieces.between), pieces.aside, pieces.several) == (7, [], "")


@pytest.mark.parametrize(
    ("said", "trimming"),
    [(SAYS, Trimming()), (TRIMS, Trimming("spaces", "spaces")), (TRIMS_LINES, Trimming("lines", "nothing"))],
)
def test_what_turns_lose_at_their_ends_is_found(base_model: Path, said: str, trimming: Trimming) -> None:
    assert of(base_model, chatml(said)).trimmings == dict.fromkeys(("system", "user", "assistant", "last"), trimming)


def test_what_the_template_looks_for_is_set_aside(base_model: Path) -> None:
    assert of(base_model, chatml(THINKS)).aside == ["</think>"]


def test_a_template_that_treats_the_last_answer_otherwise_has_pieces_for_one_answer(base_model: Path) -> None:
    pieces = of(base_model, LAST_THINKS)
    assert ("assistant", "user") not in pieces.between
    assert "marks no assistant turns" in pieces.several


def test_a_template_that_takes_no_system_turn_has_no_pieces_for_one(base_model: Path) -> None:
    pieces = of(base_model, NO_SYSTEM + chatml(SAYS))
    assert ("start", "system") not in pieces.between
    assert ("assistant", "user") in pieces.between


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (SHOUTS, "does not write each turn once and in order"),
        (COUNTS, "and another text between"),
        (ASKS_FOR_A, "does something else where 'a' is said"),
        ("m['content'] ~ m['content']", "does not write each turn once and in order"),
    ],
)
def test_a_template_that_does_more_is_told(base_model: Path, said: str, reason: str) -> None:
    with pytest.raises(NotPiecewise, match=reason):
        of(base_model, chatml(said))
