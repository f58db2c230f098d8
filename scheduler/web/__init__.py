"""The desk's API."""
