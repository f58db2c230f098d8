"""The ground floor: what a majlis is made of. Pure: no IO, no clock, no randomness: those are arguments."""
