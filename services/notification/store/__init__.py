"""All SQL of notification: the sealed directory, the asks, the messages, the links."""
