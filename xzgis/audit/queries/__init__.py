"""How the trail is read: searched, walked along its chain, verified."""
