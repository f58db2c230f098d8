"""The office's console as a program on the office's own machine: pages from the installed package, data from afar.

The server that carries calls' signals may be malicious, and whoever serves the console's page could use the office's
key by it. So the page comes from the package, on 127.0.0.1, and the server is spoken to by the protocol alone: what
it answers is data, never code (ADR 20).
"""
