"""What is made of the state of the installation."""
