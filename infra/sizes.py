"""The hard stops of the house style for Python: file 400 lines, function 40, nesting 3.

Usage: sizes.py FOLDER...; prints one line a finding and exits 1 if there is any.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

MOST_FILE_LINES = 400
MOST_FUNCTION_LINES = 40
MOST_NESTING = 3

Function = ast.FunctionDef | ast.AsyncFunctionDef
BLOCKS = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.TryStar, ast.Match)


def findings(name: str, source: str) -> Iterator[str]:
    lines = len(source.splitlines())
    if lines > MOST_FILE_LINES:
        yield f"{name}: {lines} lines, at most {MOST_FILE_LINES}"
    for node in ast.walk(ast.parse(source, name)):
        if isinstance(node, Function):
            yield from of_function(name, node)


def of_function(name: str, function: Function) -> Iterator[str]:
    where = f"{name}:{function.lineno} {function.name}"
    lines = (function.end_lineno or function.lineno) - body(function)[0].lineno + 1
    if lines > MOST_FUNCTION_LINES:
        yield f"{where}: {lines} lines, at most {MOST_FUNCTION_LINES}"
    deepest = nesting(function)
    if deepest > MOST_NESTING:
        yield f"{where}: {deepest} levels of nesting, at most {MOST_NESTING}"


def body(function: Function) -> list[ast.stmt]:
    """Without the docstring, unless there is nothing else."""
    first = function.body[0]
    documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    return function.body[1:] if documented and len(function.body) > 1 else function.body


def nesting(node: ast.AST, level: int = 0) -> int:
    """An elif is no deeper than its if; a function within counts for itself."""
    deepest = level
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Function):
            continue
        is_elif = isinstance(node, ast.If) and isinstance(child, ast.If) and node.orelse == [child]
        deeper = level + 1 if isinstance(child, BLOCKS) and not is_elif else level
        deepest = max(deepest, nesting(child, deeper))
    return deepest


def main(folders: list[str]) -> int:
    files = sorted(
        file
        for folder in folders
        for file in Path(folder).rglob("*.py")
        if not any(part.startswith(".") or part == "__pycache__" for part in file.parts)
    )
    found = [line for file in files for line in findings(str(file), file.read_text(encoding="utf-8"))]
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
