"""Card payments: what a client owes here, paid at a provider's page. Products register what a payment may settle."""
