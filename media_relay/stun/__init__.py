"""The wire of STUN and TURN (RFC 8489, RFC 8656): tables of types and attributes, a strict parser, integrity."""
