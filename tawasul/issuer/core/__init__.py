"""What the issuer decides: pure, so that it can be tried in every order. Time and random bytes are arguments."""
