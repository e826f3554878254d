"""What is handed over on paper: the contract, the receipt of the objects, the receipt of a payment."""
