"""What a row, a link and a seal look like to their hashes, and how a chain is walked."""
