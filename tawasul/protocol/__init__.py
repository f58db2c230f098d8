"""What is said between the service and its endpoints: WebSocket messages, data-channel messages and problems. Pure."""
