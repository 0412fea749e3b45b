"""What is true of lines and nodes: how delivered tables are understood, and how levels follow from them."""
