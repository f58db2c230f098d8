"""What the relay decides, as pure functions of what arrives: no socket, no clock, no randomness of its own."""
