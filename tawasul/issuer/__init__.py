"""The regional authority that gives devices their certificates: a service on a host that is never the server's."""
