"""Making sure of an agent: which points count, what each purpose asks for, how answers are compared."""
