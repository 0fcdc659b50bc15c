"""What all gRPC processes share: server, error table, streams, settings, log."""
