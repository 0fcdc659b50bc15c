"""The four processes: the only layer that knows gRPC servers, HTTP or settings."""
