"""The office's own client. Here its native robot, which takes the office's end of a call in the self-test."""
