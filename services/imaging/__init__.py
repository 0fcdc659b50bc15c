"""The imaging process: pixels."""
