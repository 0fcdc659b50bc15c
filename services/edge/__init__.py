"""The edge process: HTTP in, gRPC out."""
