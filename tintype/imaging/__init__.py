"""The imaging contract and its client."""
