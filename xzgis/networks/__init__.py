"""Lines and nodes of the utilities: the register, its history, survey coverage and intake."""
