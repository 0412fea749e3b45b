"""Outside formats to plain frames and back; knows nothing of the domain."""
