"""Who the caisses are: their rows, policies, brands and provisioning."""
