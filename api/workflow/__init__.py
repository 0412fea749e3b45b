"""Process definitions over HTTP."""
