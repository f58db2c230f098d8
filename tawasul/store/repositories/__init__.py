"""One repository a noun: queries, and the explicit functions between rows and the domain. None of them commits."""
