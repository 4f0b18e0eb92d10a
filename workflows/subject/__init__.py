"""What requisitions, client accounts, people in the pool and the house share: one durable loop, one life of an obligation."""
