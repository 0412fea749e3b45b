"""The installation itself over HTTP: its log, its copies."""
