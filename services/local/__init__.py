"""All four processes on one machine: the demonstration, and a server to try things on."""
