"""End-to-end confidentiality: what the two endpoints of a call know and no server may. Pure, like all the ground."""
