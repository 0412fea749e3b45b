"""Build the invented district as files; load the shipped one into the register."""
