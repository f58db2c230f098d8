"""The kiosk's pure cores: no clock, no network, no randomness. Time comes in as an argument, effects go out."""
