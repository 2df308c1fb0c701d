"""From Athena's SQL to DuckDB's: parsing, resolving names, rewriting."""
