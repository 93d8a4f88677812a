"""All words and patterns of the grammar, precompiled.

Patterns are written for normalized text (ASCII punctuation and digits); those that read
sentences are written for views, which hold no white space but the newline of a paragraph end.
Every repetition is bounded or over a single class, so that no pattern takes quadratic time.
"""
