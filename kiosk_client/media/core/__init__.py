"""What decides about sound and picture on a bad line. Pure: packets and the time come in, what to do comes out."""
