"""One provider for each resource type: create, update, delete and attributes through the public API."""
