"""The map: vector tiles in the city grid, and the style that draws them."""
