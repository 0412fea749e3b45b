"""What a work document means: its axes in the storage CRS, its envelope and levels, its faults."""
