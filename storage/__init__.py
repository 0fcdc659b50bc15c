"""Keeping bytes: the ObjectStore seam, its drivers, keys and errors."""
