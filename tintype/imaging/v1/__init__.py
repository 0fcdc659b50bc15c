"""Generated from protos/tintype/imaging/v1; do not edit."""
