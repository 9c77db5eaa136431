"""What happens when something fails, for real: PostgreSQL, broker, worker, clock, web server and a mail server that misbehaves.

`make faults` runs each fault at its full size and prints the table; the tests run each of them small.
"""
