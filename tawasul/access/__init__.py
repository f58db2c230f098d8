"""Who may come in, and who may do what: policy (pure), sign-in, links, device proofs, and the gate at each endpoint."""
