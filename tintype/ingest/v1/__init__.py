"""Generated from protos/tintype/ingest/v1; do not edit."""
