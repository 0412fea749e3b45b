"""To-dos and notices over HTTP."""
