"""What people type, as it was typed, and what it means: nothing typed is ever lost."""
