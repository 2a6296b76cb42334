"""The PRC Labour Contract Law, as rules to check. Software, not advice: a named human decides.

LCL: Labour Contract Law. IR: its Implementing Regulations. Guiding Case 18: of the Supreme People's Court.
"""
