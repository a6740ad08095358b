"""A chat template as constant texts around what is said, where it is that simple: found by probing, then proved.

A conversation is a walk over the stations `start`, `system`, `user`, `assistant`, `last` (the answer that ends it) and
`end`. Between two of them lies a text that depends on nothing else, in two parts: what carries no loss and what does.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import product
from typing import Any

from fettle_trainer.encoding import Encoder, Unusable
from fettle_trainer.rows import Message, Row

START, SYSTEM, USER, ASSISTANT, LAST, END = "start", "system", "user", "assistant", "last", "end"
SEED, TRIALS, MOST_ANSWERS = 6, 300, 3
ENDS = ("nothing", "lines", "spaces")
FRAGMENTS = (
    "a",
    "two words",
    "ß",
    "日本語",
    "👩‍👩‍👧",
    "e\u0301",
    "\u0301",
    "\u00a0",
    "\x1c",
    "\u200b",
    "{{ x }}",
    "{%",
    "\\n",
    "'",
    '"',
    "<b>",
)
SPACES = (" ", "  ", "\n", "\n\n", "\t", "\r\n", "\u3000", "\u2028")


class NotPiecewise(Exception):
    """The template does more than to put texts around what is said; the text says what."""


@dataclass(frozen=True, slots=True)
class Piece:
    """The text between two stations. Its first part belongs to the turn before it, where that carries loss."""

    before: str
    after: str

    @property
    def text(self) -> str:
        return self.before + self.after


@dataclass(frozen=True, slots=True)
class Trimming:
    """What a turn loses at its two ends: nothing, ends of lines, or white space as Python has it."""

    left: str = "nothing"
    right: str = "nothing"

    def of(self, said: str) -> str:
        if self.left != "nothing":
            said = said.lstrip("\n" if self.left == "lines" else None)
        if self.right != "nothing":
            said = said.rstrip("\n" if self.right == "lines" else None)
        return said


@dataclass(slots=True)
class Pieces:
    """`aside` are strings that the template looks for in what is said: rows with one are for the template itself.

    `several` is why rows with more answers than `answers` are, too.
    """

    answers: int
    between: dict[tuple[str, str], Piece] = field(default_factory=dict)
    trimmings: dict[str, Trimming] = field(default_factory=dict)
    aside: list[str] = field(default_factory=list)
    several: str = ""

    def text_and_spans(self, row: Row) -> tuple[str, list[tuple[int, int]]]:
        """What the encoder would say of text and spans, without its template."""
        text, spans, stations = "", [], walk(row.messages)
        begin = 0
        for i, station in enumerate(stations[:-1]):
            piece = self.between[station, stations[i + 1]]
            if station in (ASSISTANT, LAST):
                spans.append((begin, len(text) + len(piece.before)))
            begin = len(text) + len(piece.before)
            text += piece.text
            if i < len(row.messages):
                text += self.trimmings.get(stations[i + 1], Trimming()).of(row.messages[i]["content"])
        return text, spans

    def listed(self) -> dict[str, Any]:
        return {
            "between": [
                {"from": a, "to": b, "before": piece.before, "after": piece.after}
                for (a, b), piece in sorted(self.between.items())
            ],
            "trimmings": {at: asdict(trimming) for at, trimming in sorted(self.trimmings.items())},
            "aside": self.aside,
            "several": self.several,
        }


def walk(messages: Sequence[Message]) -> list[str]:
    stations = [str(message["role"]) for message in messages]
    return [START, *stations[:-1], LAST, END]


def pieces_of(encoder: Encoder) -> Pieces:
    """Raises `NotPiecewise` with the reason if a single one of the probes comes out otherwise.

    A template that is not that simple where there are several answers may be so where there is one.
    """
    _refuse_odd_tokenizer(encoder)
    try:
        return _pieces(encoder, MOST_ANSWERS)
    except NotPiecewise as e:
        found = _pieces(encoder, 1)
        found.several = str(e)
        return found


def _pieces(encoder: Encoder, answers: int) -> Pieces:
    found = Pieces(answers=answers)
    for system in (True, False):
        _probe(encoder, found, _plain(found, system))
    for station in sorted({to for _, to in found.between} - {END}):
        _find_trimming(encoder, found, station)
    found.aside = list(_looked_for(encoder, found))
    for row in _conversations(encoder, found):
        _compare(encoder, found, row)
    return found


def _refuse_odd_tokenizer(encoder: Encoder) -> None:
    tokenizer = encoder.tokenizer
    added = set(tokenizer.get_added_vocab().values())
    if encoder.special - added or {stop for stop in encoder.stops if stop < len(tokenizer)} - added:
        raise NotPiecewise("ends turns with tokens that are none of the added ones")
    if getattr(tokenizer, "split_special_tokens", False):
        raise NotPiecewise("splits special tokens")


def _row(contents: Sequence[str], system: bool) -> Row:
    roles = [SYSTEM] if system else []
    roles += [USER if i % 2 == 0 else ASSISTANT for i in range(len(contents) - len(roles))]
    return Row("probe", [{"role": role, "content": said} for role, said in zip(roles, contents, strict=True)])


def _plain(found: Pieces, system: bool) -> Row:
    return _row(_sentinels(2 * min(2, found.answers) + system), system)


def _sentinels(count: int) -> list[str]:
    return [f"Zq{i}xWv{i}Kj" for i in range(count)]


def _seen(encoder: Encoder, row: Row) -> tuple[str, list[tuple[int, int]]]:
    try:
        text = encoder.render(row)
        return text, encoder.assistant_spans(row, text)
    except Unusable as e:
        raise NotPiecewise(f"a conversation of {len(row.messages)} turns {e}") from e


def _probe(encoder: Encoder, found: Pieces, row: Row) -> None:
    """Adds the pieces of one conversation. One with a system turn may be refused: then such rows are asked for."""
    system = row.messages[0]["role"] == SYSTEM
    try:
        text, spans = _seen(encoder, row)
    except NotPiecewise:
        if system:
            return
        raise
    stations, end = walk(row.messages), 0
    edges = sorted(edge for span in spans for edge in span)
    for i, station in enumerate(stations[:-1]):
        said = row.messages[i]["content"] if i < len(row.messages) else ""
        begin = text.find(said, end) if said else len(text)
        if begin < 0 or (said and text.count(said) != 1):
            raise NotPiecewise("does not write each turn once and in order")
        inside = [edge for edge in edges if end <= edge <= begin]
        cut = inside[0] if inside else begin
        wants = ASSISTANT in (station, stations[i + 1]) or LAST in (station, stations[i + 1])
        if len(inside) != int(wants):
            raise NotPiecewise("carries loss in other places than the answers")
        _put(found, station, stations[i + 1], Piece(text[end:cut], text[cut:begin]))
        end = begin + len(said)


def _put(found: Pieces, station: str, to: str, piece: Piece) -> None:
    if found.between.setdefault((station, to), piece) != piece:
        raise NotPiecewise(f"writes {piece.text!r} and another text between {station} and {to}")


# --- What it does with what is said


def _find_trimming(encoder: Encoder, found: Pieces, station: str) -> None:
    row = _padded(found, station)
    text, _ = _seen(encoder, row)
    for left, right in product(ENDS, ENDS):
        found.trimmings[station] = Trimming(left, right)
        if found.text_and_spans(row)[0] == text:
            return
    raise NotPiecewise(f"changes more than the outer spaces of {station} turns")


def _padded(found: Pieces, station: str) -> Row:
    row = _plain(found, (START, SYSTEM) in found.between)
    stations = walk(row.messages)[1:-1]
    messages = [
        {**message, "content": f"\n\u3000 \n{message['content']}\n \u00a0\n"} if at == station else message
        for message, at in zip(row.messages, stations, strict=True)
    ]
    return Row("probe", messages)


def _looked_for(encoder: Encoder, found: Pieces) -> Iterator[str]:
    """Strings of the template's own source that change what it does where somebody says them."""
    literals = _literals(encoder)
    for literal in literals:
        closing = f"</{literal[1:]}"
        other = closing if literal[0] == "<" and closing in literals else literal
        if all(_agrees(encoder, found, row) for row in _with_literal(found, literal, other)):
            continue
        if len(literal.strip()) < 3 or literal in (SYSTEM, USER, ASSISTANT):
            raise NotPiecewise(f"does something else where {literal!r} is said")
        yield literal


def _literals(encoder: Encoder) -> list[str]:
    from jinja2 import Environment

    tokens = Environment(autoescape=True).lexer.tokenize(encoder.template)
    said = {str(token.value) for token in tokens if token.type == "string"}
    return sorted(v for v in said if v.strip() and not any(control in v for control in encoder.controls))


def _with_literal(found: Pieces, literal: str, closing: str) -> Iterator[Row]:
    for form in ("{0}", "{0}x", "x{0}", "a {0} b", "{0}{1}", "{0} m {1}"):
        for system in [True, False] if (START, SYSTEM) in found.between else [False]:
            for answers in range(1, min(2, found.answers) + 1):
                yield _row([form.format(literal, closing)] * (2 * answers + system), system)


def _agrees(encoder: Encoder, found: Pieces, row: Row) -> bool:
    try:
        return found.text_and_spans(row) == _seen(encoder, row)
    except (KeyError, NotPiecewise):
        return False


# --- The proof


def _conversations(encoder: Encoder, found: Pieces) -> Iterator[Row]:
    """Of one to six turns of the kinds that rows have; texts that are blank or set aside are left to the template."""
    draw = random.Random(SEED)
    literals = _literals(encoder)
    systems = (START, SYSTEM) in found.between
    for _ in range(TRIALS):
        system = systems and draw.random() < 0.5
        turns = 2 * draw.randint(1, found.answers) + system
        row = _row([_said(draw, literals) for _ in range(turns)], system)
        if not any(mark in m["content"] for m in row.messages for mark in found.aside):
            yield row


def _said(draw: random.Random, literals: Sequence[str]) -> str:
    parts = [draw.choice(("x", "7", "Ü", ".")), *draw.choices(FRAGMENTS + SPACES, k=draw.randint(0, 6))]
    if literals and draw.random() < 0.3:
        parts.append(draw.choice(literals))
    draw.shuffle(parts)
    return draw.choice(("", *SPACES)) + "".join(parts) + draw.choice(("", *SPACES))


def _compare(encoder: Encoder, found: Pieces, row: Row) -> None:
    text, spans = _seen(encoder, row)
    said, expected = found.text_and_spans(row)
    if said != text:
        raise NotPiecewise(f"writes a conversation of {len(row.messages)} turns otherwise than its pieces")
    if spans != expected:
        raise NotPiecewise(f"carries loss otherwise in a conversation of {len(row.messages)} turns")
