"""The embedded store: objects as files under one folder."""

from storage.drivers.filesystem.store import FilesystemStore

__all__ = ["FilesystemStore"]
