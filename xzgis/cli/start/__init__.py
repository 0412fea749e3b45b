"""What lies between nothing and pages that answer: database, definitions, worker, web server."""
