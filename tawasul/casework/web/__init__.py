"""The API of cases: the desk's, the agencies', the office's and the citizen's. Routes here, rules in the use cases."""
