"""What is done with the trail: sealed, taken up anew after a restore, archived."""
