"""What can be done with exports: let a file leave, withdraw it, ask for more ground and decide that."""
