"""Amazon S3's objects as files on disk, so that Spark and DuckDB read them without a copy."""
