"""Reads a program's JSON configuration into a frozen dataclass and names every problem at once."""

import dataclasses
import difflib
import json
import types
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, TypeVar, Union

from fettle_contract.codes import BadConfig

T = TypeVar("T")
_INVALID = object()
_NAMES = {str: "a string", int: "a whole number", float: "a number", bool: "true or false", Path: "a path"}


def bounded(
    *,
    least: float | None = None,
    above: float | None = None,
    most: float | None = None,
    below: float | None = None,
    **field: Any,
) -> Any:
    """A dataclass field with limits; `default=` works as in `dataclasses.field`."""
    limits = {"least": least, "above": above, "most": most, "below": below}
    return dataclasses.field(metadata={k: v for k, v in limits.items() if v is not None}, **field)


def load_config(path: Path, kind: type[T]) -> T:
    """Reads `path` as `kind`. A `problems()` method of `kind` adds the cross-field ones.

    Unknown keys are refused with the nearest known name: a typo must never train with a default.
    """
    try:
        tree = json.loads(path.read_text(encoding="utf-8"), parse_constant=_no_constant)
    except (OSError, ValueError) as e:
        raise BadConfig(f"{path} is not readable as JSON ({e})") from e
    problems: list[str] = []
    config = _record(tree, kind, "", problems)
    if not problems and hasattr(config, "problems"):
        problems.extend(config.problems())
    if problems:
        raise BadConfig(*problems)
    return typing.cast(T, config)


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


def _record(tree: Any, kind: type[Any], where: str, problems: list[str]) -> Any:
    if not isinstance(tree, Mapping):
        problems.append(f"{where.rstrip('.') or 'the configuration'} is {_shown(tree)}; an object is expected")
        return _INVALID
    hints = typing.get_type_hints(kind)
    fields = {f.name: f for f in dataclasses.fields(kind)}
    for key in tree:
        if key not in fields:
            near = difflib.get_close_matches(str(key), fields, n=1)
            hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(fields)}"
            problems.append(f"{where}{key} is not a known key; {hint}")
    values = {
        name: _field(tree, field, hints[name], where, problems)
        for name, field in fields.items()
        if name in tree or _required(field)
    }
    if any(value is _INVALID for value in values.values()):
        return _INVALID
    return kind(**values)


def _required(field: dataclasses.Field[Any]) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _field(tree: Mapping[str, Any], field: dataclasses.Field[Any], hint: Any, where: str, problems: list[str]) -> Any:
    path = where + field.name
    if field.name not in tree:
        problems.append(f"{path} is missing; {_expected(hint)} is expected")
        return _INVALID
    value = _value(tree[field.name], hint, path, problems)
    if isinstance(value, int | float) and not isinstance(value, bool):
        _limits(value, field.metadata, path, problems)
    return value


def _limits(value: float, limits: Mapping[str, Any], path: str, problems: list[str]) -> None:
    broken = {
        "least": lambda limit: value < limit and f"at least {limit}",
        "above": lambda limit: value <= limit and f"above {limit}",
        "most": lambda limit: value > limit and f"at most {limit}",
        "below": lambda limit: value >= limit and f"below {limit}",
    }
    for name, limit in limits.items():
        if name in broken and (allowed := broken[name](limit)):
            problems.append(f"{path} is {value}; {allowed} is expected")


def _value(value: Any, hint: Any, path: str, problems: list[str]) -> Any:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (Union, types.UnionType):
        return _either(value, arguments, hint, path, problems)
    if origin is Literal:
        return value if value in arguments else _wrong(value, hint, path, problems)
    if origin is tuple:
        return _items(value, arguments[0], hint, path, problems)
    if dataclasses.is_dataclass(hint):
        return _record(value, typing.cast(type[Any], hint), f"{path}.", problems)
    return _scalar(value, hint, path, problems)


def _either(value: Any, arguments: tuple[Any, ...], hint: Any, path: str, problems: list[str]) -> Any:
    """The first alternative that fits; where there is only one beside null, its own problems are the ones to tell."""
    if value is None and type(None) in arguments:
        return None
    alternatives = [a for a in arguments if a is not type(None)]
    if len(alternatives) == 1:
        return _value(value, alternatives[0], path, problems)
    for alternative in alternatives:
        found: list[str] = []
        bound = _value(value, alternative, path, found)
        if not found:
            return bound
    return _wrong(value, hint, path, problems)


def _items(value: Any, item: Any, hint: Any, path: str, problems: list[str]) -> Any:
    if not isinstance(value, list):
        return _wrong(value, hint, path, problems)
    items = [_value(v, item, f"{path}[{i}]", problems) for i, v in enumerate(value)]
    return _INVALID if any(v is _INVALID for v in items) else tuple(items)


def _scalar(value: Any, hint: Any, path: str, problems: list[str]) -> Any:
    if hint is Any:
        return value
    if hint is Path and isinstance(value, str):
        return Path(value)
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, hint) and (hint is bool or not isinstance(value, bool)):
        return value
    return _wrong(value, hint, path, problems)


def _wrong(value: Any, hint: Any, path: str, problems: list[str]) -> Any:
    problems.append(f"{path} is {_shown(value)}; {_expected(hint)} is expected")
    return _INVALID


def _expected(hint: Any) -> str:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (Union, types.UnionType):
        return " or ".join("null" if a is type(None) else _expected(a) for a in arguments)
    if origin is Literal:
        return "one of " + ", ".join(map(str, arguments))
    if origin is tuple:
        return "a list"
    return "an object" if dataclasses.is_dataclass(hint) else _NAMES.get(hint, str(hint))


def _shown(value: Any) -> str:
    shown = json.dumps(value, ensure_ascii=False)
    return shown if len(shown) <= 60 else shown[:57] + "..."
