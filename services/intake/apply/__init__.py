"""What each event at the door does to our entities, in the batch's transaction.

`applications` takes whole runs at once (the hot path); everything else is one function per type. A function decides
the delivery's outcome before it writes anything, so that a refusal leaves no trace.
"""
