"""Changing pictures: decode policy, renditions, encoding and palette."""
