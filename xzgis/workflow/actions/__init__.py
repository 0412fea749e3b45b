"""What can be done with process definitions."""
