"""Messages between rooms and between nodes: what happened (``Events``), and what is for one endpoint (``Mailbox``)."""
