"""People, organisations and the own account over HTTP."""
