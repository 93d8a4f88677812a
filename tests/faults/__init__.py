"""The fault plan: real processes, killed, hung and lied to, while mail is due."""
