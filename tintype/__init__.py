"""What a caller of Tintype installs: the contracts, clients, errors and the command line."""
