"""Quantizes a model folder for its deploy target and measures what that cost."""
