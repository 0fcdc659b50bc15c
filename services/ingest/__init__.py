"""The ingest process: the composition."""
