import json
from pathlib import Path

import pytest
from fettle_trainer.encoding import IGNORED, Encoder, Example
from fettle_trainer.rows import Message, Row

# SmolLM2-135M-Instruct's, word for word
SMOLLM2 = (
    "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}{{ '<|im_start|>system\n"
    "You are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>\n' }}{% endif %}"
    "{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
# strips the reasoning from earlier turns, as several reasoning models' templates do
REWRITING = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n"
    "{% set text = m['content'] %}"
    "{% if m['role'] == 'assistant' %}"
    "{% if not loop.last %}{% set text = text.split('</think>')[-1] %}{% endif %}"
    "{% generation %}{{ text }}<|im_end|>{% endgeneration %}\n"
    "{% else %}{{ text }}<|im_end|>\n{% endif %}{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
NO_END = (
    "{% for m in messages %}{{ m['role'] }}:\n{{ m['content'] }}\n{% endfor %}"
    "{% if add_generation_prompt %}assistant:\n{% endif %}"
)
MERGING = "{% for m in messages %}{{ m['content'] }}{% endfor %}"


def chat(*contents: str, system: str | None = None) -> Row:
    messages: list[Message] = [{"role": "system", "content": system}] if system else []
    messages += [{"role": ("user", "assistant")[i % 2], "content": c} for i, c in enumerate(contents)]
    return Row("r", messages)


def trained_on(encoder: Encoder, example: Example) -> str:
    ids = [label for label in example.labels if label != IGNORED]
    return str(encoder.tokenizer.decode(ids, clean_up_tokenization_spaces=False))


@pytest.fixture(scope="module")
def encoder(base_model: Path) -> Encoder:
    return Encoder(base_model, 128)


def with_template(base_model: Path, template: str) -> Encoder:
    return Encoder(base_model, 512, template)


def test_only_the_assistants_words_and_its_end_of_turn_are_trained_on(encoder: Encoder) -> None:
    example = encoder.encode(chat("late order", "refund", "thanks", "bye", system="be brief"))
    assert trained_on(encoder, example) == "refund<|im_end|>bye<|im_end|>"
    assert (example.ends_with_eot, example.error) == (True, None)


@pytest.mark.parametrize("template", [None, SMOLLM2])
def test_the_text_is_the_models_own_templates_to_the_letter(base_model: Path, template: str | None) -> None:
    encoder = Encoder(base_model, 512, template)
    row = chat("zwölf 🎉  blanks ", " leading", "ok?\n", "fin\n\n")
    own = encoder.tokenizer.apply_chat_template(row.messages, tokenize=False)
    example = encoder.encode(row)
    assert encoder.tokenizer.decode(example.input_ids, clean_up_tokenization_spaces=False) == own
    assert trained_on(encoder, example) == " leading<|im_end|>fin\n\n<|im_end|>"


def test_supervision_begins_exactly_where_generation_begins(encoder: Encoder) -> None:
    row = chat("late order", "refund")
    prompt = encoder.tokenizer.apply_chat_template(row.messages[:1], add_generation_prompt=True, return_dict=False)
    example = encoder.encode(row)
    assert example.input_ids[: len(prompt)] == prompt
    assert [label == IGNORED for label in example.labels[: len(prompt) + 1]] == [True] * len(prompt) + [False]


def test_the_stop_token_is_trained_where_it_is_also_the_padding(base_model: Path) -> None:
    encoder = Encoder(base_model, 128)
    encoder.tokenizer.pad_token = encoder.tokenizer.eos_token
    example = encoder.encode(chat("late order", "refund"))
    assert example.labels[-2] == encoder.tokenizer.eos_token_id  # the line break after it is the template's


def test_a_template_that_rewrites_earlier_turns_is_read_by_its_marks(base_model: Path) -> None:
    encoder = with_template(base_model, REWRITING)
    example = encoder.encode(chat("a", "hm</think>one", "b", "hm</think>two"))
    assert trained_on(encoder, example) == "one<|im_end|>hm</think>two<|im_end|>"


def test_a_template_that_rewrites_and_marks_nothing_is_refused(base_model: Path) -> None:
    unmarked = REWRITING.replace("{% generation %}", "").replace("{% endgeneration %}", "")
    example = with_template(base_model, unmarked).encode(chat("a", "hm</think>one", "b", "two"))
    assert example.error == "is rewritten by the chat template, which marks no assistant turns"


def test_a_template_without_an_end_of_turn_is_told(base_model: Path) -> None:
    example = with_template(base_model, NO_END).encode(chat("late", "refund"))
    assert (example.error, example.ends_with_eot) == (None, False)


def test_a_token_that_joins_prompt_and_answer_is_refused(base_model: Path) -> None:
    example = with_template(base_model, MERGING).encode(chat("re", "fund"))
    assert example.error == "has a token that is half prompt, half answer"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (chat("hi"), "has no assistant message"),
        (chat("hi", " \n"), "has an empty assistant message"),
        (Row("r", [{"role": "assistant", "content": "hi"}]), "begins with an assistant message"),
        (chat("say <|im_end|>", "no"), "has the control token <|im_end|> in a user message"),
        (chat("hi " * 200, "no"), "at most 128 fit"),
    ],
)
def test_an_unusable_row_says_why_and_trains_nothing(encoder: Encoder, row: Row, reason: str) -> None:
    example = encoder.encode(row)
    assert reason in (example.error or "")
    assert example.supervised == 0


def test_marked_text_shows_what_is_trained_on(encoder: Encoder) -> None:
    text = encoder.marked(encoder.encode(chat("late", "refund", system="brief")))
    assert text == (
        "<|im_start|>system\nbrief<|im_end|>\n<|im_start|>user\nlate<|im_end|>\n"
        "<|im_start|>assistant\n⟦refund<|im_end|>⟧\n"
    )


def test_generation_configs_stops_count_too(base_model: Path, tmp_path: Path) -> None:
    for file in base_model.iterdir():
        if file.name != "model.safetensors":
            (tmp_path / file.name).write_bytes(file.read_bytes())
    settings = json.loads((tmp_path / "generation_config.json").read_text())
    (tmp_path / "generation_config.json").write_text(json.dumps({**settings, "eos_token_id": [0, 2]}))
    assert Encoder(tmp_path, 64).stops == {0, 2}


TOOLS = (
    "{% if tools %}<|im_start|>system\n{{ tools | tojson }}<|im_end|>\n{% endif %}"
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}"
    "{% for call in m['tool_calls'] or [] %}"
    "{{ call['function']['name'] }}({{ call['function']['arguments'] | tojson }})"
    "{% endfor %}{{ m['tool_call_id'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def called(control: str = "") -> Row:
    call = {"type": "function", "function": {"name": "find", "arguments": {"order": 7, "of": control}}}
    messages: list[Message] = [
        {"role": "user", "content": "where is it"},
        {"role": "assistant", "content": "", "tool_calls": [call]},
        {"role": "tool", "content": "late", "tool_call_id": "c1"},
        {"role": "assistant", "content": "it is late"},
    ]
    return Row("r", messages, [{"type": "function", "function": {"name": "find"}}])


def test_calls_are_trained_on_and_what_tools_say_is_not(base_model: Path) -> None:
    encoder = with_template(base_model, TOOLS)
    example = encoder.encode(called())
    assert trained_on(encoder, example) == 'find({"order": 7, "of": ""})<|im_end|>it is late<|im_end|>'
    text = encoder.tokenizer.decode(example.input_ids, clean_up_tokenization_spaces=False)
    assert text.startswith('<|im_start|>system\n[{"type": "function"')
    assert "<|im_start|>tool\nlatec1<|im_end|>" in text


def test_a_control_token_in_a_call_is_refused(base_model: Path) -> None:
    example = with_template(base_model, TOOLS).encode(called("<|im_end|>"))
    assert example.error == "has the control token <|im_end|> in a call of a tool"
