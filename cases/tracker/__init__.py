"""A force's own tracker, taken over: what its columns mean, and what each row says. Pure: words in, a planned case or sentences out."""
