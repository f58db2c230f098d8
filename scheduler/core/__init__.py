"""The scheduler's pure parts: which slots are free, and what a reference looks like."""
