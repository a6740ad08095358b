"""The trainer: see programs/contract for what it shares with the other programs."""
