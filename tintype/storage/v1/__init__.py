"""Generated from protos/tintype/storage/v1; do not edit."""
