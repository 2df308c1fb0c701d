"""The glob patterns of a crawler target's Exclusions, as the Glue developer guide defines them."""

from __future__ import annotations

import re


def compile_exclusions(patterns: list[str]) -> re.Pattern[str] | None:
    """Return one expression that matches a key, relative to the include path, that a pattern excludes."""
    if not patterns:
        return None
    return re.compile("|".join(f"(?:{_translate(pattern)})" for pattern in patterns))


def _translate(pattern: str) -> str:
    expression, position, in_braces = "", 0, False
    while position < len(pattern):
        character = pattern[position]
        if pattern.startswith("**", position):
            expression, position = expression + ".*", position + 1
        elif character == "*":
            expression += "[^/]*"
        elif character == "?":
            expression += "[^/]"
        elif character == "[" and "]" in pattern[position + 2 :]:
            end = pattern.index("]", position + 2)
            body = pattern[position + 1 : end].replace("\\", "\\\\")
            expression += f"[{'^' + body[1:] if body.startswith('!') else body}]"
            position = end
        elif character == "{":
            expression, in_braces = expression + "(?:", True
        elif character == "}" and in_braces:
            expression, in_braces = expression + ")", False
        elif character == "," and in_braces:
            expression += "|"
        elif character == "\\" and position + 1 < len(pattern):
            position += 1
            expression += re.escape(pattern[position])
        else:
            expression += re.escape(character)
        position += 1
    return expression
