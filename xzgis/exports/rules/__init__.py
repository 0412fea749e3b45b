"""What is true of exports: contiguous ground, reasons, masked facts."""
