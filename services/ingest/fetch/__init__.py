"""Fetching what a URL of the public network holds, without reaching anything else."""
