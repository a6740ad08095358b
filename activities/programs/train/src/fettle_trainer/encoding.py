"""From a conversation to token ids and labels: the one place that decides what is trained on.

The text is the model's own chat template's, character for character. Supervised are the assistant's turns, each up to
and with its end-of-turn token. Where a turn begins and ends is found by rendering the conversation up to it, so the
supervised part begins exactly where generation begins when the model serves.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fettle_contract import BadConfig

from fettle_trainer.rows import Row

IGNORED = -100


@dataclass(frozen=True, slots=True)
class Example:
    """One row as the trainer sees it: input_ids and labels are int[length]; a label is -100 or the token itself."""

    id: str
    input_ids: list[int]
    labels: list[int]
    ends_with_eot: bool
    error: str | None = None

    @property
    def supervised(self) -> int:
        """Tokens that count in the loss: the first token is predicted from nothing."""
        return sum(label != IGNORED for label in self.labels[1:])


class Unusable(Exception):
    """A row that cannot be trained on; the text is the reason."""


class Encoder:
    """Renders and tokenizes rows with one model folder's tokenizer and template. Safe to call in any order."""

    def __init__(self, model: Path, max_length: int, chat_template: str | None = None) -> None:
        from transformers import AutoTokenizer

        self.tokenizer = AutoTokenizer.from_pretrained(model, local_files_only=True, trust_remote_code=False)
        if chat_template is not None:
            self.tokenizer.chat_template = chat_template
        if not self.tokenizer.is_fast:
            raise BadConfig(f"the tokenizer of {model} gives no offsets; a tokenizer.json is expected")
        if not self.template:
            raise BadConfig(f"{model} has no chat template; put a chat_template.jinja into it")
        self.max_length = max_length
        self.stops = _stop_tokens(model, self.tokenizer)
        self.controls = [t for t in self.tokenizer.all_special_tokens if t.strip()]
        self.special = {*self.tokenizer.all_special_ids, *self.tokenizer.get_added_vocab().values()}

    @property
    def template(self) -> str:
        template = self.tokenizer.chat_template
        return (template.get("default", "") if isinstance(template, dict) else template) or ""

    @property
    def template_sha256(self) -> str:
        return hashlib.sha256(self.template.encode()).hexdigest()

    def encode(self, row: Row) -> Example:
        """A row that cannot be used comes back with its reason in `error` and without supervised tokens."""
        ids: list[int] = []
        try:
            self._refuse_control_tokens(row)
            text = self.render(row)
            tokens = self.tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)
            ids, offsets = tokens["input_ids"], tokens["offset_mapping"]
            spans = self.assistant_spans(row, text)
            labels, ends = self._labels(ids, offsets, spans)
            if len(ids) > self.max_length:
                raise Unusable(f"has {len(ids)} tokens; at most {self.max_length} fit")
        except Unusable as e:
            return Example(row.id, ids, [IGNORED] * len(ids), ends_with_eot=False, error=str(e))
        return Example(row.id, ids, labels, ends)

    def answer_pair(self, row: Row) -> tuple[Example, Example]:
        """The row with its last answer alone supervised, and that answer without anything said before it.

        Both hold the same tokens of the answer. A row that cannot be used is the first one's `error`, and both.
        """
        example = self.encode(row)
        if example.error:
            return example, example
        end = max(i for i, label in enumerate(example.labels) if label != IGNORED) + 1
        start = end
        while start > 0 and example.labels[start - 1] != IGNORED:
            start -= 1
        answer = example.input_ids[start:end]
        labels = [IGNORED] * start + answer + [IGNORED] * (len(example.labels) - end)
        opening = self._opening(row)
        alone = Example(row.id, opening + answer, [IGNORED] * len(opening) + answer, example.ends_with_eot)
        return Example(row.id, example.input_ids, labels, example.ends_with_eot), alone

    def _opening(self, row: Row) -> list[int]:
        """What the template puts before an answer, whoever asked; one token at least, to predict the first from."""
        before = len(row.messages) - 1
        said, asked = self.render(row, before), self.render(row, before, prompt=True)
        opening = asked.removeprefix(said) if asked.startswith(said) else ""
        ids: list[int] = self.tokenizer(opening, add_special_tokens=False)["input_ids"]
        return ids or [self.tokenizer.bos_token_id or self.tokenizer.eos_token_id]

    def marked(self, example: Example) -> str:
        """The row's text with its supervised parts in brackets, for a person to read; its own such are plain."""
        parts: list[str] = []
        start = 0
        for end in range(1, len(example.labels) + 1):
            on = example.labels[start] != IGNORED
            if end < len(example.labels) and (example.labels[end] != IGNORED) == on:
                continue
            text = self.tokenizer.decode(example.input_ids[start:end], clean_up_tokenization_spaces=False)
            text = text.replace("⟦", "[").replace("⟧", "]")
            parts.append(f"⟦{text}⟧" if on else text)
            start = end
        return "".join(parts)

    def render(self, row: Row, turns: int | None = None, prompt: bool = False) -> str:
        """The text of the first `turns` messages, with the prompt of an answer if one is asked for."""
        from jinja2 import TemplateError

        try:
            text = self.tokenizer.apply_chat_template(
                row.messages[:turns], tools=row.tools, tokenize=False, add_generation_prompt=prompt
            )
        except (TemplateError, TypeError, ValueError) as e:
            raise Unusable(f"is refused by the chat template ({e})") from e
        return str(text)

    def _refuse_control_tokens(self, row: Row) -> None:
        texts = [(f"a {m['role']} message", m["content"]) for m in row.messages]
        texts += [("a call of a tool", _json(m["tool_calls"])) for m in row.messages if "tool_calls" in m]
        texts += [("its tools", _json(row.tools))] if row.tools else []
        for where, text in texts:
            for control in self.controls:
                if control in text:
                    raise Unusable(f"has the control token {control} in {where}")

    def assistant_spans(self, row: Row, text: str) -> list[tuple[int, int]]:
        """Character ranges [start, end) of the assistant's turns in `text`, which is the row's."""
        spans = []
        for i, message in enumerate(row.messages):
            if message["role"] != "assistant":
                continue
            if i == 0:
                raise Unusable("begins with an assistant message")
            if not message["content"].strip() and "tool_calls" not in message:
                raise Unusable("has an empty assistant message")
            head, whole = self.render(row, i, prompt=True), self.render(row, i + 1)
            if not (whole.startswith(head) and text.startswith(whole)):
                return self._marked_spans(row, text)
            spans.append((len(head), len(whole)))
        if not spans:
            raise Unusable("has no assistant message")
        return spans

    def _marked_spans(self, row: Row, text: str) -> list[tuple[int, int]]:
        """For a template that rewrites earlier turns: the ranges that `{% generation %}` marks, its own or TRL's."""
        from transformers.utils.chat_template_utils import render_jinja_template
        from trl.chat_template_utils import get_training_chat_template

        template = self.template
        if "generation %}" not in template.replace("-", " "):
            try:
                template = get_training_chat_template(self.tokenizer) or template
            except ValueError as e:
                raise Unusable("is rewritten by the chat template, which marks no assistant turns") from e
        rendered, marks = render_jinja_template(
            [row.messages],
            tools=row.tools,
            chat_template=template,
            return_assistant_tokens_mask=True,
            **self.tokenizer.special_tokens_map,
        )
        if rendered[0] != text:
            raise Unusable("renders differently with the training template than with the model's own")
        if not marks[0]:
            raise Unusable("has no assistant turn that the chat template marks")
        return [(start, end) for start, end in marks[0]]

    def _labels(
        self, ids: Sequence[int], offsets: Sequence[tuple[int, int]], spans: Sequence[tuple[int, int]]
    ) -> tuple[list[int], bool]:
        labels = [IGNORED] * len(ids)
        last = -1
        for start, end in spans:
            inside = [i for i, (a, b) in enumerate(offsets) if start <= a < end and a < b]
            if any(a < start < b for a, b in offsets):
                raise Unusable("has a token that is half prompt, half answer")
            inside = self._until_end_of_turn(ids, inside)
            for i in inside:
                labels[i] = ids[i]
            last = inside[-1] if inside else -1
        if last < 0:
            raise Unusable("has no supervised token")
        return labels, ids[last] in self.stops

    def _until_end_of_turn(self, ids: Sequence[int], inside: list[int]) -> list[int]:
        """What follows the end-of-turn token (a line break, in ChatML) is the template's, not the model's to say."""
        for position in range(len(inside) - 1, -1, -1):
            if ids[inside[position]] in self.special:
                return inside[: position + 1]
        return inside


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _stop_tokens(model: Path, tokenizer: Any) -> set[int]:
    """The tokens at which a server stops: the tokenizer's and those of generation_config.json."""
    stops = {tokenizer.eos_token_id}
    path = model / "generation_config.json"
    if path.is_file():
        ids = json.loads(path.read_text(encoding="utf-8")).get("eos_token_id") or []
        stops.update([ids] if isinstance(ids, int) else ids)
    return stops - {None}
