"""The storage process: bytes under keys."""
