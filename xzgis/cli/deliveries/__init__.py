"""What ``xzgis import`` asks and tells: options, progress, findings."""
