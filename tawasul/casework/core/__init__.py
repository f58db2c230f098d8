"""The rules of casework: clocks, likeness, journeys. Pure: time comes in as an argument."""
