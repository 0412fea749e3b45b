"""Files that leave: the register as a file, what left, withdrawal, verification, more ground."""
