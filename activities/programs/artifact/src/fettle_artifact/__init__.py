"""Makes model folders: a base model from wherever it is kept, and an adapter merged into its base."""
