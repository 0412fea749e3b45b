"""Pure geometry, metres, storage CRS unless said otherwise."""
