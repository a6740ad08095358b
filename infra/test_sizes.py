from __future__ import annotations

import unittest

from sizes import MOST_FILE_LINES, MOST_FUNCTION_LINES, findings


class Sizes(unittest.TestCase):
    def test_a_long_function_is_found(self) -> None:
        body = "    x = 1\n" * MOST_FUNCTION_LINES
        self.assertEqual(list(findings("a.py", "def f():\n" + body)), [])
        self.assertEqual(
            list(findings("a.py", "def f():\n" + body + "    x = 2\n")), ["a.py:1 f: 41 lines, at most 40"]
        )

    def test_a_docstring_is_not_counted(self) -> None:
        text = 'def f():\n    """' + "word\n" * 60 + '    """\n    x = 1\n'
        self.assertEqual(list(findings("a.py", text)), [])

    def test_a_long_file_is_found(self) -> None:
        self.assertEqual(list(findings("a.py", "x = 1\n" * MOST_FILE_LINES)), [])
        self.assertEqual(list(findings("a.py", "x = 1\n" * (MOST_FILE_LINES + 1))), ["a.py: 401 lines, at most 400"])

    def test_a_fourth_level_is_found_and_elif_is_none(self) -> None:
        deep = "def f():\n if a:\n  for b in c:\n   with d:\n    {}\n"
        self.assertEqual(list(findings("a.py", deep.format("pass"))), [])
        self.assertEqual(
            list(findings("a.py", deep.format("while e: pass"))), ["a.py:1 f: 4 levels of nesting, at most 3"]
        )
        chain = "def f():\n if a: pass\n elif b: pass\n elif c: pass\n elif d: pass\n elif e: pass\n"
        self.assertEqual(list(findings("a.py", chain)), [])


if __name__ == "__main__":
    unittest.main()
