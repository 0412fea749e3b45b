"""What can be done to the register: write, replace, remove, undo, cover."""
