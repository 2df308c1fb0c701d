"""Which statement a text is."""

from __future__ import annotations

import re
from dataclasses import dataclass

from local_lake.athena.errors import QueryFailedError

_COMMENT = re.compile(r"\s+|--[^\n]*(?:\n|$)|/\*.*?\*/", re.DOTALL)

_KINDS: list[tuple[str, str, str]] = [
    (r"\(*\s*(?:SELECT|WITH|VALUES|TABLE)\b", "DML", "SELECT"),
    (r"EXPLAIN\b", "UTILITY", "EXPLAIN"),
    (r"INSERT\s+INTO\b", "DML", "INSERT"),
    (r"UNLOAD\b", "DML", "UNLOAD"),
    (r"CREATE\s+TABLE\b(?=.*?\bAS\s*\(*\s*(?:SELECT|WITH|VALUES|TABLE)\b)", "DDL", "CREATE_TABLE_AS_SELECT"),
    (r"CREATE\s+(?:EXTERNAL\s+)?TABLE\b", "DDL", "CREATE_TABLE"),
    (r"CREATE\s+(?:OR\s+REPLACE\s+)?(?:PROTECTED\s+)?VIEW\b", "DDL", "CREATE_VIEW"),
    (r"CREATE\s+(?:DATABASE|SCHEMA)\b", "DDL", "CREATE_DATABASE"),
    (r"DROP\s+TABLE\b", "DDL", "DROP_TABLE"),
    (r"DROP\s+VIEW\b", "DDL", "DROP_VIEW"),
    (r"DROP\s+(?:DATABASE|SCHEMA)\b", "DDL", "DROP_DATABASE"),
    (r"ALTER\s+TABLE\b", "DDL", "ALTER_TABLE"),
    (r"MSCK\s+REPAIR\s+TABLE\b", "DDL", "MSCK_REPAIR"),
    (r"SHOW\b", "UTILITY", "SHOW"),
    (r"DESC(?:RIBE)?\b", "UTILITY", "DESCRIBE"),
    (r"PREPARE\b", "UTILITY", "PREPARE"),
    (r"EXECUTE\b", "DML", "EXECUTE"),
    (r"DEALLOCATE\s+PREPARE\b", "UTILITY", "DEALLOCATE"),
    (r"(?:MERGE|UPDATE|DELETE|OPTIMIZE|VACUUM|TRUNCATE|CALL|GRANT|REVOKE|ANALYZE|REFRESH)\b", "DML", "OTHER"),
]


@dataclass(frozen=True)
class Statement:
    """A statement without comments before it and semicolons after it.

    ``type`` and ``kind`` are GetQueryExecution's StatementType and SubstatementType.
    """

    text: str
    type: str
    kind: str

    @property
    def first_word(self) -> str:
        """Return the first word in upper case."""
        return self.text.split(None, 1)[0].upper()


def classify(sql: str) -> Statement:
    """Tell which statement a text is. Raises QueryFailedError for what begins no statement of Athena's."""
    text = sql.rstrip().rstrip(";").rstrip()
    position = 0
    while match := _COMMENT.match(text, position):
        if match.end() == position:
            break
        position = match.end()
    bare = text[position:]
    for pattern, kind, name in _KINDS:
        if re.match(pattern, bare, re.IGNORECASE | re.DOTALL):
            # A query keeps its comments, so that the places in error messages are those of the caller's text.
            return Statement(text if name == "SELECT" else bare, kind, name)
    word = bare.split(None, 1)[0] if bare else "<EOF>"
    raise QueryFailedError(
        f"line 1:1: mismatched input '{word}'. Expecting: 'ALTER', 'CREATE', 'DESCRIBE', 'DROP', 'EXECUTE', "
        "'EXPLAIN', 'INSERT', 'MSCK', 'PREPARE', 'SHOW', 'UNLOAD', 'WITH', <query>"
    )
