"""What each format's own structure says, read without a decoder. One module a format."""
