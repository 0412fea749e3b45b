"""What can be done: check one work against the register, or against files without any database."""
