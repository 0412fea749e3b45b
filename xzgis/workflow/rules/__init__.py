"""What a sound process definition is, how it is read, and how two of them differ."""
