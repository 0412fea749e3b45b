"""What follows at once, and what comes with the clock."""
