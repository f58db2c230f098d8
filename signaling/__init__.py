"""Signaling: who waits, who is called in, and the messages by which two ends find each other. No media, and no keys."""
