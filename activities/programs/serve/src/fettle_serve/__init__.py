"""vLLM as Fettle starts it."""
