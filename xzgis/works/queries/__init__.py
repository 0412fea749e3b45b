"""How works are read: from files, and from the register of works."""
