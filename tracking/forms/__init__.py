"""The shape of what people type: reports, reviews, and what goes with an issue."""
