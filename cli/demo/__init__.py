"""`pacesetter demo`: the whole product on this machine, with a sample company and nobody's account."""
