"""Years of the home plan, day by day, against a plain model of which mails are right."""
