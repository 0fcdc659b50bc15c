"""The command line: what an operator does with the services from a terminal."""
