"""How the register is read; one file per question."""
