"""The pure cores of signaling: input and time in, effects out. The shells around them are one floor up."""
