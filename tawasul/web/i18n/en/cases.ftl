# What the service itself writes into cases.

case-heard-and-nothing-directed = The request was heard in the majlis, and nothing needed to be directed.
