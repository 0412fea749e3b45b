"""How the state of the installation is read."""
