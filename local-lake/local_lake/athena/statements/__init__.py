"""What is no query: DDL, SHOW, CREATE TABLE AS, INSERT, UNLOAD and prepared statements."""
