"""What the definitions in layers/ say."""
