"""The storage contract and its client."""
