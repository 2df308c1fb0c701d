"""Glue crawlers: objects in, tables in the Glue catalog out."""
