"""The pages of signaling: the office's console, and the page from which a citizen joins."""
