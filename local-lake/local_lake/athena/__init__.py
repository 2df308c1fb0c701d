"""Athena: SQL in Trino's dialect over the Glue catalog, run by DuckDB on the objects' files."""
