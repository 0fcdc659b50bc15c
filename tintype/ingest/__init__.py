"""The ingest contract and its client."""
