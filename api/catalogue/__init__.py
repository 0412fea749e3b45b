"""The rule tables and code lists over HTTP."""
